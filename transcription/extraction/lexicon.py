"""The words of the trade, as data: one entry a concept, phrases in lower case, split into words.

Grown by adding a phrase to a list. No rule lives here; the names of the lists are what the rules
speak of. `phrases()` splits; `Phrases.at()` finds the longest phrase of a list at a place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Words = Sequence[str]


class Phrases:
    """A list of phrases that can be looked up at a place in a text."""

    def __init__(self, *lines: str) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for line in lines:
            for phrase in line.split("|"):
                words = tuple(phrase.split())
                if words:
                    self._by_first[words[0]].append(words)
        for entries in self._by_first.values():
            entries.sort(key=len, reverse=True)

    def at(self, words: Words, i: int) -> int:
        """Number of words of the longest phrase that starts at `i`; 0 when none does."""
        if not 0 <= i < len(words):
            return 0
        for phrase in self._by_first.get(words[i], ()):
            if tuple(words[i : i + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def inside(self, words: Words, start: int, end: int) -> int | None:
        """Index of the first phrase that starts in [start, end), or None."""
        for i in range(max(start, 0), min(end, len(words))):
            if words[i] in self._by_first and self.at(words, i):
                return i
        return None

    def before(self, words: Words, end: int) -> int:
        """Number of words of the longest phrase that ends just before `end`; 0 when none does."""
        for size in range(6, 0, -1):
            if end - size >= 0 and self.at(words, end - size) == size:
                return size
        return 0


# --- who demands ---------------------------------------------------------------------------------

GIVE = Phrases(
    "giao nhiệm vụ cho|giao trách nhiệm cho|giao việc này cho|giao việc cho|giao cho",
    "giao ngay cho|giao nhiệm vụ|giao trách nhiệm|giao luôn|giao luôn cho|giao",
    "phân công cho|phân công|ủy quyền cho|ủy quyền|yêu cầu|đề nghị|chỉ đạo|nhắc|nhắc nhở",
    "đôn đốc|lưu ý|nhờ|cử|phân giao|giao lại cho|chuyển cho|kính đề nghị|thống nhất giao",
    "nhất trí giao|đồng ý giao|tiếp tục giao|trước mắt giao",
)
# Of GIVE those that need more than an addressee: an explicit demand verb or a modal after it.
SOFT_GIVE = frozenset({"nhắc", "lưu", "nhờ", "cử", "đôn", "chuyển"})
ASK = frozenset({"đề", "kính"})  # "đề nghị": task or request, by who speaks
# "bàn giao", "theo yêu cầu", "văn bản đề nghị": the word is part of a noun or another verb.
NOT_GIVE_AFTER = Phrases(
    "bàn|chuyển|tiếp|theo|đáp ứng|các|những|một số|nội dung|văn bản|hồ sơ|đơn|tờ trình",
    "mọi|được|nhu cầu và|kế hoạch|chỉ tiêu|phiếu|thư|ý kiến|sự|công tác|vừa|nếu|sau khi",
    "khi|mà|việc|để|cấp|bộ phận|của|trách nhiệm|đúng|vượt|bị|phải|chưa|không|tham mưu",
    "đã có",
)
REPORTED = Phrases(
    "có|đã|vừa|mới|đã có văn bản|vừa có văn bản|đã có công văn|đã có chỉ đạo",
    "đã ban hành văn bản|đã ra văn bản|vừa ra văn bản|đã ký văn bản|có văn bản",
    "đã nhiều lần|từng|cũng đã|vừa mới|vừa có công văn|có công văn|đã trực tiếp",
    "đã kết luận|tuần trước đã|hôm trước đã|lần trước đã",
)

# --- how a subject is told ------------------------------------------------------------------------

MUST = Phrases(
    "phải|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|được giao nhiệm vụ|được giao",
    "cần phải|cần|chủ trì|làm đầu mối|là đầu mối|là cơ quan đầu mối|là cơ quan chủ trì",
    "nhớ|phải nhớ|đầu mối|nhanh chóng|bắt buộc phải|nhất định phải|thì phải|cũng phải",
    "tiến hành|cho tôi|lo",
)
URGENT = Phrases(
    "khẩn trương|tập trung|chủ động|kịp thời|nghiêm túc|tiếp tục|sớm|ngay|lập tức",
    "đẩy nhanh|tăng cường|nhanh chóng|quyết liệt|thường xuyên|trước mắt|tích cực",
    "đẩy mạnh|chú trọng|gấp|gấp rút|tranh thủ|trực tiếp|tổ chức ngay|liền|đồng thời|cùng",
    "nghiên cứu",
)
TOLD = Phrases(
    "đã được giao|vừa được giao|đã được phân công|đã được yêu cầu|đã nhận nhiệm vụ",
    "đã được chỉ đạo|đã được giao nhiệm vụ|đã được giao chủ trì",
)
LEADS = Phrases(
    "chủ trì|làm đầu mối|là đầu mối|là cơ quan chủ trì|làm cơ quan đầu mối",
    "đứng ra chủ trì|chịu trách nhiệm chủ trì|đầu mối|là cơ quan đầu mối",
    "chịu trách nhiệm chính",
)
COOPERATE = Phrases(
    "chủ động phối hợp với|phối hợp chặt chẽ với|phối hợp chặt chẽ cùng|phối hợp với",
    "phối hợp cùng với|phối hợp cùng|kết hợp với|kết hợp cùng|có sự phối hợp của",
    "với sự tham gia của|phối hợp|cùng với|cùng|và phối hợp với",
)
SELF = Phrases(
    "tôi|chúng tôi|em|chúng em|bọn em|mình|chúng ta|xã chúng tôi|phường chúng tôi",
    "đơn vị chúng tôi|xã tôi|phường tôi|sở chúng tôi|địa phương chúng tôi|xã mình|bên em",
    "bên tôi|xã em|xã nhà|đơn vị tôi|ngành chúng tôi|bên chúng tôi|xã xin|địa phương xin",
)
# The floor holder or the one spoken to.
YOU = Phrases(
    "các đồng chí|đồng chí|các anh|các chị|các anh chị|anh|chị|bên anh|bên chị",
    "địa phương mình|xã mình|phường mình|đơn vị mình|bên đó|các bác|xã các anh",
    "xã các đồng chí|bên các anh|địa phương các anh|các bạn|đồng chí chủ tịch",
    "đồng chí bí thư|anh chủ tịch|chủ tịch xã",
)

# --- what blocks a subject ------------------------------------------------------------------------

PAST = Phrases(
    "đã|vừa|vừa mới|mới|từng|đang|còn|chưa|vẫn|cũng đã|cơ bản|ước|đạt|có|bị|được|là|hiện",
    "không",
)
FUTURE = Phrases(
    "sẽ|dự kiến|xin|định|dự định|sắp|đang dự kiến|mong|muốn|kiến nghị|đề xuất|cam kết",
    "hứa",
)
DONE = Phrases(
    "đã hoàn thành|đã xong|đã thực hiện xong|đã báo cáo|đã nộp|đã trình|hoàn thành rồi",
    "xong rồi|đã làm xong|đã gửi|thực hiện xong|đã triển khai xong|báo cáo rồi|nộp rồi",
    "làm rồi|đã hoàn tất|đã khắc phục xong|đã giải quyết xong|đã xử lý xong|đúng hạn rồi",
    "đã thực hiện",
)

# --- task verbs -----------------------------------------------------------------------------------

VERBS = Phrases(
    "thống nhất|ngồi lại|xem lại|luân phiên|lên phương án|cho ý kiến|ghi nhận|chỉnh sửa",
    "hoàn chỉnh|bảo quản|đấu giá|tiết giảm|bình ổn|điều phối|thiết lập|khởi động|cứu trợ",
    "thăm hỏi|rà soát|hoàn thiện|hoàn thành|hoàn tất|tổng hợp|trình|báo cáo|kiểm tra",
    "xử lý|giám sát|thống kê|đánh giá|chuẩn bị|tham mưu|cập nhật|giải quyết|thu gom",
    "khắc phục|di dời|triển khai|thực hiện|bàn giao|xây dựng|lập|ban hành|phê duyệt",
    "thẩm định|đề xuất|phối hợp|hướng dẫn|đôn đốc|theo dõi|tổ chức|chỉ đạo|bố trí|cấp",
    "phân bổ|giải ngân|thanh toán|quyết toán|nghiên cứu|xem xét|gửi|nộp|phân công",
    "phân loại|vận động|tuyên truyền|sửa chữa|sửa|nạo vét|gia cố|cưỡng chế|thu hồi",
    "đo đạc|cắm mốc|niêm yết|công khai|số hóa|nhập|chuyển|rà|lên|làm|đưa|thông báo|mở",
    "đóng|hỗ trợ|cung cấp|xác minh|làm rõ|điều tra|tuần tra|xử phạt|ngăn chặn|ứng trực",
    "trực|sơ tán|chốt|tháo gỡ|rút ngắn|đấu thầu|lựa chọn|khởi công|nghiệm thu|thi công",
    "giải phóng|chi trả|chi|bồi thường|thu|truy thu|cân đối|điều chỉnh|bổ sung|sắp xếp",
    "điều động|luân chuyển|tuyển dụng|đào tạo|tập huấn|bồi dưỡng|rút kinh nghiệm",
    "kiểm điểm|giải trình|tiếp nhận|tiếp thu|trả lời|phản hồi|đối thoại|tiếp công dân",
    "tiếp dân|khảo sát|kiểm kê|kiểm soát|kiểm đếm|lấy ý kiến|góp ý|ký|ký kết|cam kết",
    "quản lý|vận hành|lắp đặt|trang bị|mua sắm|đầu tư|nâng cấp|duy tu|bảo trì|trồng",
    "chăm sóc|phun|tiêm|tiêm phòng|tiêm chủng|cấp phát|phát|dự trữ|thả|cải tạo|tháo dỡ",
    "dỡ bỏ|dọn|dọn dẹp|vệ sinh|khơi thông|khoanh|rà phá|đăng ký|kê khai|cấp đổi|xác nhận",
    "chứng thực|công bố|phổ biến|quán triệt|thành lập|kiện toàn|ra quân|thanh tra",
    "kiểm toán|bảo đảm|đảm bảo|duy trì|phát động|nhân rộng|xác định|rà lại|soạn thảo",
    "dự thảo|soạn|đề nghị|kết nối|liên thông|tích hợp|khai thác|sử dụng|bảo vệ",
    "phòng chống|phòng ngừa|ứng phó|cứu hộ|chữa cháy|tìm kiếm|khôi phục|tái định cư",
    "quy hoạch|khoanh vùng|đốc thúc|thúc đẩy|quyết định|giao|đăng tải|viết|tính toán",
    "tính|bám sát|nắm|nắm bắt|nắm tình hình|tập hợp|tập kết|rút|bỏ|hủy|dừng|tạm dừng",
    "chấm dứt|gỡ|gỡ vướng|giảm|tăng|đẩy nhanh|đẩy mạnh|ổn định|cử|mời|tháo|ưu tiên",
    "huy động|vay|trả|đối chiếu|ghi|chấm|xét|bình xét|lo|xác lập|lắp|đấu nối|kéo",
    "cung ứng|chủ trì|siết chặt|chấn chỉnh|tăng cường|chịu trách nhiệm|xóa|thay thế|thay",
    "đổi mới|bàn|họp|rà quét",
)
# Verbs that end a body's name in text without capitals even when they could belong to a name.
EXHORTING = Phrases(
    "làm tốt|làm tốt hơn|thực hiện tốt|thực hiện tốt hơn|nâng cao chất lượng",
    "nâng cao hiệu quả|cố gắng|nỗ lực|phát huy|đoàn kết|nêu cao|quyết tâm|phấn đấu",
    "thấm nhuần|gương mẫu|giữ gìn|giữ vững|nâng cao tinh thần|nâng cao nhận thức",
    "nêu gương|quan tâm|chú ý|tin tưởng|yên tâm|thông cảm|chia sẻ|cùng nhau|chung sức",
    "đồng lòng|vào cuộc|xác định rõ trách nhiệm|nhận thức|hết sức|cố lên|chung tay",
    "phát huy tinh thần|thi đua|ra sức|đồng hành|đổi mới tư duy|nhận thức rõ|luôn luôn",
    "đề cao|quyết liệt hơn|trách nhiệm hơn|mạnh dạn|bản lĩnh|tiếp tục phát huy",
    "không ngừng|lưu tâm",
)
MEETING = Phrases(
    "phát biểu|trình bày|tắt|bật|mở micro|mở mic|mở máy|nói|nói rõ|nói ngắn|cho ý kiến",
    "cho biết|trả lời|báo cáo ngắn|báo cáo thêm|báo cáo rõ thêm|báo cáo nhanh tại",
    "giữ trật tự|vỗ tay|ngồi|nghe|lắng nghe|dừng ở đây|kết nối lại|chuyển sang",
    "chia sẻ màn hình|chiếu|tham luận|thảo luận|có ý kiến|điểm danh|chuẩn bị phát biểu",
    "tiếp tục phát biểu|giải thích|làm rõ thêm|nêu|đi thẳng vào|tập trung phát biểu",
    "bật camera|chờ|nghỉ|giải lao|kiểm tra lại đường truyền|kiểm tra đường truyền",
    "biểu quyết|giơ tay|tập trung thảo luận|góp ý ngay|nói to|nói lại",
    "báo cáo trước hội nghị|báo cáo hội nghị|báo cáo tại hội nghị|ổn định chỗ ngồi",
    "ổn định tổ chức|ổn định vị trí|điều khiển|tiếp lời|tóm tắt|ngắn gọn|vào thẳng",
    "tắt micro|tắt mic|báo cáo trước|báo cáo tiếp|cho hỏi|hỏi|xuống|lên|mời|tuyên bố",
    "giới thiệu",
)
PRAISE = Phrases(
    "hoan nghênh|biểu dương|khen|khen ngợi|cảm ơn|cám ơn|ghi nhận|đánh giá cao|chúc mừng",
    "trân trọng|phê bình|tiếc là|đáng tiếc|chê|không hài lòng",
)
HEDGE = Phrases(
    "nếu được thì|nếu được|nếu có thể|có thể thì|giá mà|giá như|ước gì|nên chăng|hay là",
    "phải chi|có điều kiện thì|nếu có điều kiện|nếu thuận lợi|nếu kịp|thiết nghĩ|có lẽ",
    "biết đâu",
)
RULE = Phrases(
    "theo quy định của luật|theo luật|luật quy định|nghị định quy định|thông tư quy định",
    "theo điều|quy định rõ|quy định tại|theo nghị định|theo thông tư|quy định là",
    "luật đất đai|quy chế quy định|theo quy định thì|theo quy chế|luật",
    "quy định của pháp luật|nghị định số|thông tư số",
)
WARNING = Phrases(
    "chịu trách nhiệm nếu|chịu trách nhiệm trước|chịu trách nhiệm về",
    "chịu trách nhiệm khi|bị xử lý|chịu hoàn toàn trách nhiệm|chịu trách nhiệm hoàn toàn",
    "chịu trách nhiệm cá nhân|sẽ bị|xem xét trách nhiệm|chịu kỷ luật",
    "phải chịu trách nhiệm|thì chịu trách nhiệm",
)
WITHDRAWN = Phrases(
    "không cần nữa|không giao nữa|rút lại|bỏ yêu cầu|thôi không|khỏi làm|khỏi phải",
    "thôi khỏi|để lại sau|không phải làm nữa|thôi không cần|tạm thời chưa làm|chưa giao",
    "không làm nữa|hủy yêu cầu|thôi bỏ",
)
QUESTION_END = frozenset("không chưa gì sao nào đâu hả à hử ư nhỉ bao mấy đúng".split())
QUESTION = Phrases(
    "bao giờ|khi nào|thế nào|như thế nào|ra sao|tại sao|vì sao|có đúng không|được không",
    "đến đâu|ai|bao nhiêu|chừng nào|hay chưa|đã chưa|gì|hay không|phải không",
)

# --- small words ----------------------------------------------------------------------------------

FILLERS = frozenset(
    "ờ à ừ ừm thì là mà nhé nha ạ dạ ấy vâng này , : ; - – + • * ( ) \" ' “ ” . \n".split(" ")
)
# A sentence of these words and a deadline only says when what was demanded before is due.
DEADLINE_SHELL = frozenset(
    "việc này cái nội dung nhiệm vụ đó thời hạn gian hạn chót cuối cùng xong phải hoàn thành "
    "tất cả là nhé ạ nha thì và tôi yêu cầu các đồng chí anh chị cần đều hết kết quả gửi về cho "
    "ủy ban báo cáo tỉnh văn phòng đề nghị toàn bộ nhớ chậm nhất trước , : . – - nghe rõ chưa "
    "nói sửa lại à ờ "
    "không nhầm mới được để".split()
)
# Said behind a deadline, they only press it: "trước ngày 20 phải xong".
AFTER_DEADLINE = Phrases(
    "phải xong|phải hoàn thành|phải có báo cáo|phải có kết quả|có báo cáo|có kết quả",
    "là xong|phải báo cáo|báo cáo|báo cáo tôi|báo cáo cho tôi|phải xong hết|là phải xong",
    "phải hoàn tất|hoàn thành|xong|cho tôi|phải báo cáo tôi|thì xong|là hạn chót",
    "báo cáo lại",
)
BY_PLAN = Phrases("theo kế hoạch|theo dự kiến|theo lịch|theo chương trình|như kế hoạch|dự kiến")
COMPLAINT = Phrases(
    "mà tới giờ|mà đến nay|mà đến giờ|nhưng đến giờ|nhưng đến nay|nhưng tới giờ",
    "đến giờ vẫn|tới giờ vẫn|đến nay vẫn|mà vẫn chưa|nhưng vẫn chưa|mà chưa|nhưng chưa",
    "nhưng đến giờ vẫn",
)
NOT_ENTITLED = Phrases(
    "người dân|cử tri|bà con|hộ dân|các hộ|doanh nghiệp|dư luận|báo chí|nhà đầu tư",
)
SHARED_BY_ALL = Phrases("hai sở|hai xã|hai đơn vị|ba đơn vị|các đơn vị|cả hai|đều|tất cả|cả ba")
FORBIDDEN = Phrases("không được|không để|tuyệt đối không|tuyệt đối không được|không được để")
GROUNDS = Phrases("căn cứ|trên cơ sở|theo")
REQUEST_VERBS = Phrases(
    "kiến nghị|xin ý kiến|xin chủ trương|xin hỗ trợ|xin cấp|xin bổ sung|xin gia hạn",
    "xin kinh phí|xin được|xin đề nghị|xin kiến nghị|xin đề xuất|đề xuất|rất mong",
    "kính mong|tha thiết mong|mong|mong muốn|tha thiết đề nghị|kính đề nghị|đề nghị",
    "kính xin|xin tỉnh|xin các sở|xin lùi|xin phép được|xin điều chỉnh|xin thêm",
    "xin kéo dài|rất cần|trông mong|xin hướng dẫn|có kiến nghị|cũng đề nghị",
)
# Those that are requests whoever speaks, unless they are nouns.
ALWAYS_REQUEST = frozenset("kiến mong xin rất kính tha trông đề_xuất".split())
NOT_REQUEST_AFTER = Phrases(
    "các|những|giải quyết|nội dung|một số|theo|ý kiến|tiếp thu|trả lời|xử lý|văn bản",
    "tờ trình|hồ sơ|danh mục|về|với|nhiều|sự|tổng hợp|ghi nhận|được|trong|tham mưu|và|số",
    "không|báo cáo|của|nghiên cứu|tổng hợp các|phản ánh",
)
NOT_REQUEST_WITH = Phrases(
    "xin ý kiến của các đồng chí|mong các đồng chí|mong đồng chí|mong bà con|mong rằng",
    "mong hội nghị|đề nghị của|kiến nghị của|đề xuất của|mong nhận được sự",
    "xin được báo cáo|xin được phép|xin được phát|xin được cảm|xin được trình bày",
    "xin được nêu|xin được hứa|xin được tiếp|xin được hỏi|mong chờ|đề nghị trên",
    "kiến nghị trên|kiến nghị này|đề xuất này|kiến nghị là|đề nghị này|xin được có",
    "xin được chúc",
)
UPWARD = Phrases(
    "tỉnh|ủy ban nhân dân tỉnh|ubnd tỉnh|trung ương|chính phủ|thủ tướng|quốc hội",
    "lãnh đạo tỉnh|bộ|chủ tịch ủy ban nhân dân tỉnh|chủ tịch tỉnh|thường trực tỉnh ủy",
    "tỉnh ủy|các đồng chí lãnh đạo tỉnh|cấp trên|các bộ|ban thường vụ tỉnh ủy",
    "hội đồng nhân dân tỉnh|lãnh đạo ủy ban tỉnh|chủ tọa|các cấp|chủ tịch ubnd tỉnh",
    "ủy ban tỉnh|đồng chí chủ tịch ủy ban nhân dân tỉnh|đồng chí chủ tịch tỉnh",
)
TASK_OPENERS = Phrases(
    "hai xã này|các xã này|hai đơn vị này|các đơn vị này|hai sở này|phải|cần phải|cần",
    "có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|được giao nhiệm vụ|được giao|thì|là|để",
    "nhiệm vụ|việc|trong việc|cho tôi|nhớ|nên|đứng ra|sẽ|cũng|trước hết|ngay|tiến hành",
    "thực hiện việc|làm đầu mối|chủ trì|nội dung sau|các nhiệm vụ sau",
    "một số nội dung sau|hãy|mau|chính|bắt buộc phải|và|cùng|nhất định phải",
    "theo chức năng nhiệm vụ|theo chức năng|căn cứ chức năng nhiệm vụ|với",
)
TAIL = frozenset(
    "nhé nha ạ rồi đi thôi nghe đấy đó và xong cho thì là mà để , ; : . - – được \n".split(" ")
)
OPENERS = Phrases(
    "trên cơ sở đó|hỏa tốc|trên tinh thần đó|theo đó|việc thứ nhất|việc thứ hai",
    "việc thứ ba|việc thứ tư|việc thứ năm|vấn đề thứ nhất|vấn đề thứ hai|vấn đề thứ ba",
    "nội dung thứ nhất|nội dung thứ hai|nội dung thứ ba|thứ nhất|thứ hai|thứ ba|thứ tư",
    "thứ năm|thứ sáu|một là|hai là|ba là|bốn là|năm là|tiếp theo|tiếp đến|ngoài ra",
    "bên cạnh đó|đồng thời|cuối cùng|trước hết|trước mắt|còn|riêng|sau đó|và|vậy|như vậy",
    "do đó|vì vậy|vì thế|tóm lại|kết luận|tôi kết luận|tôi đề nghị|tôi yêu cầu|tôi giao",
    "dạ|rồi|thôi|được rồi|ok|sáu là|bảy là|tám là|rồi thì|thế thì|vậy thì|nhân đây",
    "mặt khác|trong đó",
)
CLOSERS = Phrases(
    "cảm ơn|xin cảm ơn|cám ơn|xin mời|mời|kính thưa|thưa|báo cáo chủ tịch",
    "báo cáo đồng chí|dạ|xin hết|hết|kết thúc|hội nghị kết thúc|chúc|xin chào",
    "nếu không còn|đồng chí nào|bây giờ|vấn đề thứ|hoan nghênh|biểu dương|tôi xin",
    "xin phép|tiếp theo mời|về phía|cuộc họp",
)
