"""Who must do what by when: where a demand opens, its subject, words, date and sureness."""
