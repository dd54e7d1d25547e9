internal import Bindings
internal import Language

/// What is shown of tasks that take a while.
///
/// On a terminal it is one line, drawn again at most ten times a second and taken away at the end:
///
///     training Line ━━━━━━━━━╸────────── 123/400  epoch 3  loss 1.234  57 images/s  0:41 left
///
/// A task in a cell of a plan has the plan in front:
///
///     [3/12, 12:30 left] training Line ━━━╸── 123/400  epoch 3
///
/// Elsewhere it is a line about every ten seconds and one at the end of a task: what fails soon says only why.
/// Of a plan there are many tasks, and the end of each is not worth a line.
struct ProgressLine {
  /// How progress is shown.
  enum Style {
    /// One line of a terminal with so many columns.
    case line(width: Int)
    /// Lines of a log.
    case log
  }

  /// What is remembered of a task; tasks are told apart by their titles.
  private struct Task {
    let start: Double
    /// The steps and pictures of the first report: those of an earlier run do not count for rates.
    let firstStep: Int
    let firstPicture: Int
    var lastLine: Double
    var done: Int

    init(_ news: Progress, at time: Double) {
      (start, lastLine) = (time, time)
      firstStep = news.done
      firstPicture = news.pictures
      done = news.done
    }
  }

  private var tasks: [String: Task] = [:]
  private var lastLogLine = -Double.infinity
  private var isDrawn = false
  private var lastDrawing = -Double.infinity
  /// The last that was heard, in a few words.
  private(set) var summary: String?

  private static let drawInterval = 0.1
  private static let logInterval = 10.0
  private static let barWidth = 8...30

  /// What to write when there is news, if anything.
  mutating func update(_ news: Progress, at time: Double, style: Style) -> String? {
    let isOver = if case .finished = news.state { true } else { false }
    var task = tasks[news.title] ?? Task(news, at: time)
    // One that has come less far than before is another task with the same title.
    if news.done < task.done { task = Task(news, at: time) }
    task.done = news.done
    defer { tasks[news.title] = isOver ? nil : task }
    summary = isOver ? nil : "\(news.title), \(news.done) of \(news.total)"
    switch style {
    case .line(let width):
      if isOver { return clear() }
      guard time - lastDrawing >= Self.drawInterval else { return nil }
      lastDrawing = time
      isDrawn = true
      return "\r" + Self.line(news, task, time, width: width) + "\u{1B}[K"
    case .log:
      let isDue = time - task.lastLine >= Self.logInterval
      if news.plan == nil {
        guard isOver || isDue else { return nil }
      } else {
        guard isDue, time - lastLogLine >= Self.logInterval else { return nil }
      }
      (task.lastLine, lastLogLine) = (time, time)
      return Self.logLine(news, task, time, isOver: isOver) + "\n"
    }
  }

  /// What takes the line away, if there is one.
  mutating func clear() -> String? {
    guard isDrawn else { return nil }
    isDrawn = false
    lastDrawing = -.infinity
    return "\r\u{1B}[K"
  }

  // Words

  private static func line(_ news: Progress, _ task: Task, _ time: Double, width: Int) -> String {
    var parts = parts(news, task, time)
    if let left = timeLeft(news, task, time) { parts.append("\(left) left") }
    // The last column stays empty, for some terminals go to the next line when it is written; and
    // there is room for the "^C" that the terminal shows.
    let room = width - 3
    let title = Fitting.cut(Self.title(news), to: room)
    let used = { DisplayWidth.of("\(title) \(parts.joined(separator: "  ")) ") }
    while parts.count > 1, used() + barWidth.lowerBound > room { parts.removeLast() }
    let space = room - used()
    let words = parts.joined(separator: "  ")
    guard space >= barWidth.lowerBound else { return Fitting.line(title, words, to: room) }
    return "\(title) \(bar(news, width: min(space, barWidth.upperBound))) \(words)"
  }

  private static func logLine(
    _ news: Progress, _ task: Task, _ time: Double, isOver: Bool
  ) -> String {
    var parts = parts(news, task, time)
    if isOver {
      parts.append("done in \(duration(time - task.start))")
    } else if let left = timeLeft(news, task, time) {
      parts.append("\(left) left")
    }
    return "\(title(news)): \(parts.joined(separator: ", "))"
  }

  /// The title, with the plan in front of a task of one of its cells.
  private static func title(_ news: Progress) -> String {
    guard let plan = news.plan, !plan.isAlone, plan.total > 1 else { return news.title }
    let left = plan.secondsLeft.map { ", \(duration($0)) left" } ?? ""
    return "[\(plan.number)/\(plan.total)\(left)] \(news.title)"
  }

  private static func parts(_ news: Progress, _ task: Task, _ time: Double) -> [String] {
    let facts = news.facts.map { $0.name.isEmpty ? $0.text : "\($0.name) \($0.text)" }
    return ["\(news.done)/\(news.total)"] + facts + pictureRate(news, task, time)
  }

  private static func pictureRate(_ news: Progress, _ task: Task, _ time: Double) -> [String] {
    let pictures = Double(news.pictures - task.firstPicture)
    let elapsed = time - task.start
    guard pictures > 0, elapsed > 0.05 else { return [] }
    let rate = pictures / elapsed
    return [rate < 10 ? "\((rate * 10).rounded() / 10) images/s" : "\(Int(rate)) images/s"]
  }

  private static func timeLeft(_ news: Progress, _ task: Task, _ time: Double) -> String? {
    if let plan = news.plan, plan.isAlone { return plan.secondsLeft.map(duration) }
    let steps = news.done - task.firstStep
    let elapsed = time - task.start
    guard steps > 0, elapsed > 0.2, news.total >= news.done else { return nil }
    return duration(elapsed / Double(steps) * Double(news.total - news.done))
  }

  private static func bar(_ news: Progress, width: Int) -> String {
    let part = news.total > 0 ? min(1, max(0, Double(news.done) / Double(news.total))) : 0
    let full = Int(part * Double(width))
    let hasTip = full < width && part * Double(width) - Double(full) >= 0.5
    return String(repeating: "━", count: full) + (hasTip ? "╸" : "")
      + String(repeating: "─", count: width - full - (hasTip ? 1 : 0))
  }

  /// A time as `0:07`, `12:34` or `1:02:03`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded()), 1e9))
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return whole < 3600
      ? "\(whole / 60):\(two(whole % 60))"
      : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}
