// How are the service's codes said to a person?

export const KEYS = {
  intent: "Ý định", decision: "Quyết định", confidence: "Độ chắc chắn", facets: "Hỏi về",
  candidates: "Thủ tục", code: "Mã", ms: "Thời gian đọc (ms)", text: "Nội dung",
  kind: "Loại", state: "Trạng thái", attempt: "Lần thử", entry: "Số thứ tự", seq: "Số thứ tự",
  hash: "Mã băm", channel: "Kênh", has_accents: "Có dấu", score: "Điểm", tag: "Sự kiện",
  is_follow_up: "Hỏi tiếp", replies: "Số tin trả lời", name: "Tên", message_id: "Mã tin",
};

export const VALUES = {
  text: "tin chữ", button: "bấm nút", attachment: "ảnh hoặc tệp", location: "vị trí",
  sticker: "nhãn dán", follow: "quan tâm", unfollow: "bỏ quan tâm", referral: "mở từ đường dẫn",
  zalo: "Zalo", facebook: "Messenger",
  answer: "trả lời", ask: "hỏi lại cho rõ", elsewhere: "chỉ nơi khác", unknown: "chưa rõ",
  chat: "trò chuyện",
  accepted: "nền tảng đã nhận", refused: "nền tảng từ chối", planned: "đang chờ gửi",
  claimed: "đang lấy ra gửi", sending: "đang gửi",
  ask_procedure: "hỏi thủ tục", apply_online: "nộp trực tuyến", case_status: "tra hồ sơ",
  phan_anh: "phản ánh", kien_nghi: "kiến nghị", khieu_nai: "khiếu nại", to_cao: "tố cáo",
  emergency: "khẩn cấp", hotline: "đường dây nóng", office_hours: "giờ làm việc",
  schedule: "lịch tiếp dân", home_service: "phục vụ tại nhà", survey: "khảo sát",
  thanks: "cảm ơn", greeting: "chào hỏi", apology: "xin lỗi", praise: "khen", abuse: "lời nặng",
  human: "gặp cán bộ", help: "cần hướng dẫn", opt_out: "thôi nhận tin", opt_in: "nhận tin lại",
  privacy: "dữ liệu cá nhân", small_talk: "trò chuyện", affirm: "đồng ý", deny: "không đồng ý",
  out_of_scope: "ngoài phạm vi",
  documents: "giấy tờ", fee: "lệ phí", time: "thời hạn", place: "nơi nộp", online: "trực tuyến",
  legal: "căn cứ pháp lý", form: "biểu mẫu", conditions: "điều kiện", steps: "các bước",
};
