"""Why what sounds like a demand is none: promises, plans, what is met or taken back."""
