"""Words by which bodies, posts and classes are named, as data."""

from __future__ import annotations

from transcription.extraction.phrases import phrases

HONORIFICS = phrases("honorifics")
TITLES = phrases("titles")
# Bodies often named that no roster holds: known whole, so their end is known without capitals.
KNOWN_BODIES = phrases("known_bodies")
BODY_HEADS = phrases("body_heads")
# Parts of a name that sound like acts: "công ty khai thác công trình thủy lợi".
NAME_PARTS = phrases("name_parts")
NAMED_BY_ACT = frozenset("ty cục tâm án nghiệp viện quỹ phòng đội".split())
NAME_PART_ENDS = frozenset("phần tnhh hạn viên mtv và nước".split())
# Behind a head that stands alone for a body named before: "xã phải …", "sở cũng …".
_GOES_ON = (
    "tôi chúng mình nhà em nào này đó ta có đã đang sẽ xin còn vẫn khỏi cứ phải cần thì mà nói "
    "nghe báo kêu tự lo không chưa cũng kia mới rà cho thôi được vừa"
)
# Second words that make the head another word: "ban hành", "bộ máy", "trường hợp".
NOT_BODY: dict[str, frozenset[str]] = {
    head: frozenset(seconds.split())
    for head, seconds in (
        ("ban", "hành đầu chấp đêm ngày công bố"),
        ("bộ", "máy phận môn sậu lọc dữ"),
        ("hội", "nghị trường thảo họp nhập tụ"),
        ("trường", "hợp học lớp kỳ"),
        ("phòng", "chống cháy ngừa thủ học bệnh họp dịch"),
        ("đoàn", "kết viên thể công"),
        ("tổ", "chức dân quốc"),
        ("viện", "phí trợ dẫn"),
        ("quỹ", "đất đen"),
        ("khối", "lượng"),
        ("đội", "ngũ"),
        ("trạm", "bơm biến cấp"),
        ("xã", f"xã hội ven viên các {_GOES_ON}"),
        ("phường", _GOES_ON),
        ("ngành", "nghề nào"),
        ("bên", "cạnh trong ngoài tôi em anh chị này kia nào đó"),
        ("cục", "bộ"),
        ("báo", "cáo động chí lại cho tôi về với lên tin"),
        ("sở", f"hữu dĩ tại trên {_GOES_ON}"),
        ("hạt", "giống"),
        ("thanh", "toán niên"),
    )
}
# Classes that no roster group names: generic plurals, kept as said.
CLASS_OPENERS = phrases("class_openers")
CLASS_NOUNS = phrases("class_nouns")
RESTRICTED = phrases("restricted")
NEUTRAL_ENDS = phrases("neutral_ends")
NAME_STOPS = frozenset(
    "trước chậm trong đến xong hạn đã đang sẽ vừa phải cần có chịu được khẩn tập tiếp thì mà và "
    "cùng với để về tại ở do từ theo là nhanh sớm ngay chưa còn không nếu khi hãy cho rồi kịp "
    "nhưng bây vì nên mới nghiêm chủ làm xin đề kiến giao yêu mời kể định thường vào ước đạt "
    "báo phối kết như gồm".split()
)
