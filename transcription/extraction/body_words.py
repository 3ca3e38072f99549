"""Words by which bodies, posts and classes are named, as data."""

from __future__ import annotations

from transcription.extraction.lexicon import Phrases

HONORIFICS = Phrases(
    "các đồng chí|đồng chí|đ / c|các anh|anh|chị|ông|bà|bác|chú|cô|các ông|các chị|thầy",
    "tập thể",
)
TITLES = Phrases(
    "chủ tịch|phó chủ tịch|bí thư|phó bí thư|bí thư đảng ủy|giám đốc|phó giám đốc",
    "trưởng ban|phó trưởng ban|chánh|phó chánh|chỉ huy trưởng|lãnh đạo|thủ trưởng",
    "người đứng đầu|đại diện|cấp ủy|trưởng phòng|chi cục trưởng|cục trưởng|chủ nhiệm",
    "tổng giám đốc|trưởng|tư lệnh|ban thường trực|cấp ủy chính quyền|thường trực",
    "ban thường vụ|tập thể lãnh đạo|bí thư chủ tịch|hiệu trưởng|chính quyền|ban giám đốc",
    "ban lãnh đạo|phía|bên",
)
# Bodies often named that no roster holds: known whole, so their end is known without capitals.
KNOWN_BODIES = Phrases(
    "công ty cổ phần cấp nước|chi cục thủy lợi|chi cục thủy sản|chi cục kiểm lâm",
    "chi cục chăn nuôi và thú y|kho bạc nhà nước|chi cục trồng trọt và bảo vệ thực vật",
    "chi cục bảo vệ môi trường|chi cục quản lý đất đai|kho bạc nhà nước khu vực|kho bạc",
    "ngân hàng chính sách xã hội|ngân hàng nhà nước|điện lực|ngân hàng chính sách",
    "công ty điện lực|công ty điện lực cà mau|công ty cấp nước|công ty cấp thoát nước",
    "công ty môi trường đô thị|công ty thủy lợi|trung tâm khuyến nông|trung tâm y tế",
    "trạm y tế|trung tâm kiểm soát bệnh tật|trung tâm giám sát điều hành thông minh",
    "trung tâm phát triển quỹ đất|văn phòng đăng ký đất đai|hội nông dân",
    "hội nông dân tỉnh|hội phụ nữ|hội liên hiệp phụ nữ tỉnh|hội liên hiệp phụ nữ",
    "hội cựu chiến binh|hội cựu chiến binh tỉnh|tỉnh đoàn|đoàn thanh niên",
    "liên đoàn lao động|liên đoàn lao động tỉnh|hội chữ thập đỏ|viện kiểm sát nhân dân",
    "tòa án nhân dân|ban tổ chức tỉnh ủy|ban tuyên giáo và dân vận",
    "ban tuyên giáo và dân vận tỉnh ủy|ban nội chính|ủy ban kiểm tra tỉnh ủy",
    "ban nội chính tỉnh ủy|vườn quốc gia u minh hạ|vườn quốc gia mũi cà mau",
    "bưu điện tỉnh|viễn thông cà mau|công an xã|công an phường|ban chỉ huy quân sự xã",
    "hạt kiểm lâm|ban quản lý dự án|chủ đầu tư|nhà thầu|đơn vị thi công|đơn vị tư vấn",
    "tổ công tác|ban chỉ đạo|ban chỉ huy phòng chống thiên tai|tổ giúp việc",
    "đài khí tượng thủy văn|cảng vụ|hải quan|quản lý thị trường",
    "chi cục quản lý thị trường|chi cục hải quan|sở chỉ huy|phòng kinh tế",
    "phòng văn hóa xã hội|đội quản lý thị trường|đồn biên phòng|cảnh sát giao thông",
    "phòng cảnh sát giao thông|các chủ rừng|hội đồng nhân dân tỉnh|mặt trận tổ quốc",
    "cục hải quan|tập đoàn điện lực|bệnh viện đa khoa tỉnh|bệnh viện đa khoa",
    "liên minh hợp tác xã|hội doanh nhân|hiệp hội doanh nghiệp|ngành điện",
    "ngành ngân hàng|ban dân vận|văn phòng đoàn đại biểu quốc hội|đài truyền thanh",
    "công ty lâm nghiệp|cục thi hành án|thi hành án dân sự|thi hành án dân sự tỉnh",
    "đơn vị chủ quản|cơ quan thuế|phòng y tế|trường chính trị",
)
BODY_HEADS = Phrases(
    "chi cục|cục|tổng cục|trung tâm|công ty|tổng công ty|tập đoàn|liên đoàn|hiệp hội",
    "liên minh|ngân hàng|kho bạc|bệnh viện|đài|vườn quốc gia|hạt kiểm lâm|đồn biên phòng",
    "tòa án|viện kiểm sát|hợp tác xã|văn phòng|ban quản lý|ban chỉ đạo|ban chỉ huy",
    "mặt trận|nhà thầu|chủ đầu tư|đơn vị|trạm|bưu điện|viễn thông|sở|ban|phòng|hội|đoàn",
    "trường|công an|quỹ|viện|bộ|huyện|thành phố|tổ|xã|phường|ngành|cảng vụ|đội|khối",
    "cơ quan|hội đồng|thanh tra|bên|hạt|ủy ban|báo|lực lượng",
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
        ("tổ", "chức dân"),
        ("viện", "phí trợ dẫn"),
        ("quỹ", "đất đen"),
        ("khối", "lượng"),
        ("đội", "ngũ"),
        ("trạm", "bơm biến cấp"),
        ("xã", "hội tôi chúng mình nhà em nào này đó ta có đã đang sẽ xin còn ven viên các"),
        ("phường", "tôi chúng mình nhà em nào này đó có đã đang sẽ xin còn"),
        ("ngành", "nghề nào"),
        ("bên", "cạnh trong ngoài tôi em anh chị này kia nào đó"),
        ("cục", "bộ"),
        ("báo", "cáo động chí"),
        ("sở", "hữu dĩ tại"),
        ("hạt", "giống"),
        ("thanh", "toán niên"),
    )
}
# Classes that no roster group names: generic plurals, kept as said.
CLASS_OPENERS = Phrases(
    "các|những|tất cả các|toàn thể các|toàn bộ các|mỗi|từng|tất cả|toàn thể",
    "thủ trưởng các",
)
CLASS_NOUNS = Phrases(
    "sở ban ngành địa phương|sở ban ngành|sở ngành|ban ngành|ban ngành đoàn thể|đoàn thể",
    "cơ quan đơn vị|đơn vị địa phương|cơ quan|đơn vị|ngành|địa phương|chủ đầu tư",
    "nhà thầu|doanh nghiệp|tổ chức|lực lượng|lực lượng chức năng|cơ quan chức năng",
    "ngành chức năng|cấp|cấp các ngành|cấp ủy|sở|ban|hội đoàn thể|trường học|trường",
    "bệnh viện|phòng ban|xã|phường|xã phường|chi cục|hợp tác xã|ấp khóm",
    "ban quản lý dự án|cơ quan liên quan|đơn vị liên quan|chủ rừng|đơn vị thi công",
    "ngân hàng|hội|cơ quan báo chí|đơn vị sự nghiệp|ban quản lý|trạm y tế|đồn biên phòng",
    "tổ công tác|bên liên quan|thành viên|thành viên ban chỉ đạo|thành viên ủy ban",
)
RESTRICTED = Phrases(
    "ven biển|còn lại|có liên quan|liên quan|nêu trên|nói trên|trên|vùng|thuộc|nằm|chưa",
    "bị|giáp|phía|khu vực|trong vùng|có rừng|có tàu cá|có tàu|có biển|có đê|có dự án",
    "có tuyến|trọng điểm|vùng ven|ven|vùng ngọt|khó khăn|phía nam|phía bắc|đạt|cùng",
    "nuôi tôm|đảo|chậm|có hộ|có nhiều|nội đồng|mới|chức năng|quản lý|chủ quản|khác",
    "được phân công|này|đó|có tỷ lệ|có tiến độ|đang còn|thi công",
)
NEUTRAL_ENDS = Phrases(
    "trên địa bàn tỉnh|trên địa bàn toàn tỉnh|trên địa bàn|trong tỉnh|trong toàn tỉnh",
    "toàn tỉnh|thuộc tỉnh|của tỉnh|tỉnh cà mau|tỉnh|tại các điểm cầu",
)
NAME_STOPS = frozenset(
    "trước chậm trong đến xong hạn đã đang sẽ vừa phải cần có chịu được khẩn tập tiếp thì mà và "
    "cùng với để về tại ở do từ theo là nhanh sớm ngay chưa còn không nếu khi hãy cho rồi kịp "
    "nghiêm chủ làm xin đề kiến giao yêu mời kể định thường vào ước đạt báo phối kết".split()
)
