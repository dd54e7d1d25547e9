internal import CEdit
internal import Foundation
internal import Language

/// Typing an entry on a terminal.
///
/// The entry is one text of one or many lines. Enter asks the parser: an unfinished entry goes on in
/// a new line, a finished one is returned. Up and Down move inside the entry and, at its edge,
/// through the history. Keys come from ``KeyDecoder``, ``Entry`` knows what they do to the text,
/// ``EntryView`` lays it out, and ``EditLine`` draws it.
///
/// libedit only redraws after a key has been handled. What must happen on a screen that is already
/// up to date — printing below the entry, leaving it — waits in `next` until then.
final class LineEditor: EditLineHandler {
  /// What reading an entry came to.
  enum Reading: Equatable {
    case entry(String)
    case interrupted
    case end
  }

  /// What the editor asks of the one who knows the language.
  struct Assistant {
    /// Whether a text goes on in another line.
    var isIncomplete: (String) -> Bool
    /// What could stand at a place, in bytes, of a text.
    var possibilities: (String, Int) -> Possibilities
    /// A few words about a name.
    var summary: (String) -> String?
  }

  /// What to do when the screen is up to date.
  private enum Task {
    /// Leave the entry.
    case accept
    /// Print rows below it, and draw it again.
    case list([String])
    /// Take over the new size of the terminal.
    case resize
  }

  private enum Event {
    case key(Key)
    case task(Task)
    case woken
  }

  private let screen: EditLine
  private let input: StandardInput
  private let assistant: Assistant
  private var decoder = KeyDecoder()
  private var event: Event?
  /// What waits for the screen to be up to date.
  private var task: Task?
  private var reading: Reading?
  private var label = ""
  private var color: String?
  /// The keys' last kills, for Ctrl-Y.
  private var killed = ""
  private var lastKey: Key?

  var history: History
  private(set) var entry = Entry()
  private var search: HistorySearch?

  /// An editor on the terminal; `nil` when there is none that can be used.
  init?(input: StandardInput, history: History, assistant: Assistant) {
    guard let screen = EditLine() else { return nil }
    self.screen = screen
    self.input = input
    self.history = history
    self.assistant = assistant
  }

  /// Reads an entry behind a prompt such as `In [3]: `, in a colour if one is given.
  func read(prompt: String, color: String?) -> Reading {
    label = prompt
    self.color = color
    entry = Entry()
    (event, task, reading, lastKey, search) = (nil, nil, nil, nil, nil)
    history.rest()
    write("\u{1B}[?2004h")
    screen.run(self)
    write("\u{1B}[?2004l")
    return reading ?? .end
  }

  var prompt: String {
    if let search { return search.prompt }
    guard let color else { return label }
    let escape = EditLine.escape
    // libedit needs an ordinary character at the end.
    return
      "\(escape)\(color)\(escape)\(label.dropLast())\(escape)\u{1B}[0m\(escape)\(label.suffix(1))"
  }

  private func write(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }

  // Keys

  func next() -> EditLine.Signal {
    if let task {
      self.task = nil
      if case .accept = task { return .accept }
      event = .task(task)
      return .key
    }
    while true {
      // An Escape that nothing follows soon stands for itself.
      switch input.next(milliseconds: decoder.awaitsRest ? 60 : -1) {
      case .byte(let byte):
        if let key = decoder.take(byte) { return announce(key) }
      case .pause:
        if let key = decoder.pause() { return announce(key) }
      case .woken:
        event = .woken
        return .key
      case .end:
        reading = .end
        return .end
      }
    }
  }

  private func announce(_ key: Key) -> EditLine.Signal {
    event = .key(key)
    return .key
  }

  func handle() -> EditLine.Reaction {
    defer { event = nil }
    switch event {
    case .key(.control("l")): return drawAnew(after: "\u{1B}[H\u{1B}[2J")
    case .key(let key):
      if search == nil || !handleInSearch(key) { handle(key) }
      lastKey = key
    case .task(let task): return perform(task)
    case .woken: if let reaction = handleSignals() { return reaction }
    case nil: break
    }
    if task == nil { screen.show(view) }
    return .redraw
  }

  private var view: EntryView { EntryView(entry, in: frame) }

  private var frame: EntryView.Frame {
    let rows = Int(duet_terminal_rows(STDOUT_FILENO))
    let columns = Int(duet_terminal_columns(STDOUT_FILENO))
    return EntryView.Frame(
      promptWidth: DisplayWidth.of(search?.prompt ?? label), columns: columns > 0 ? columns : 80,
      rows: rows > 0 ? rows : 24)
  }

  /// Puts the cursor behind everything, so that what follows comes below.
  private func goBelow(_ task: Task) {
    screen.show(EntryView(end: view.text))
    self.task = task
  }

  // Tasks and signals

  private func perform(_ task: Task) -> EditLine.Reaction {
    switch task {
    case .accept: return .redraw
    case .list(let rows): return drawAnew(after: "\r\n" + rows.map { $0 + "\r\n" }.joined())
    case .resize:
      screen.resize()
      return drawAnew(after: "\r\u{1B}[J")
    }
  }

  /// Draws everything where a text leaves the terminal's cursor.
  private func drawAnew(after text: String) -> EditLine.Reaction {
    write(text)
    screen.show(view)
    screen.draw()
    return .keep
  }

  private func handleSignals() -> EditLine.Reaction? {
    if Interrupt.takeContinuation() {
      screen.retake()
      return drawAnew(after: "\u{1B}[?2004h\r")
    }
    if Interrupt.takeResize() {
      screen.show(EntryView(start: view.text))
      task = .resize
    }
    if Interrupt.takeRequest() {
      search = nil
      input.forget()
      decoder = KeyDecoder()
      finish(.interrupted, mark: "^C")
    }
    return nil
  }

  private func finish(_ result: Reading, mark: String = "") {
    reading = result
    screen.show(EntryView(end: view.text + mark))
    task = .accept
  }

  // Editing

  private func handle(_ key: Key) {
    let walks = key == .up || key == .down || key == .control("p") || key == .control("n")
    if !walks { history.rest() }
    switch key {
    case .character(let scalar): entry.type(String(scalar))
    case .paste(let text): entry.insert(PastedText.text(text))
    case .enter: enter()
    case .altEnter: entry.breakLine()
    case .tab: complete()
    case .backspace: entry.eraseBackward()
    case .up: if !entry.moveLine(-1) { recall(-1) }
    case .down: if !entry.moveLine(1) { recall(1) }
    case .control("p"): recall(-1)
    case .control("n"): recall(1)
    case .control("d"):
      if entry.isEmpty { finish(.end) } else { eraseForward() }
    case .delete: eraseForward()
    case .control("r"): search = HistorySearch(from: entry, newest: history.entries.count)
    default: moveOrKill(key)
    }
  }

  private func moveOrKill(_ key: Key) {
    switch key {
    case .left, .control("b"): entry.move(to: entry.cursor - 1)
    case .right, .control("f"): entry.move(to: entry.cursor + 1)
    case .home, .control("a"): entry.move(to: entry.lineStart)
    case .end, .control("e"): entry.move(to: entry.lineEnd)
    case .wordLeft, .alt("b"): entry.move(to: entry.wordStart)
    case .wordRight, .alt("f"): entry.move(to: entry.wordEnd)
    case .alt("<"): entry.move(to: 0)
    case .alt(">"): entry.move(to: entry.characters.count)
    case .control("t"): entry.transpose()
    case .control("y"): entry.insert(killed)
    case .control("k"): kill(entry.cursor..<max(entry.cursor, entry.lineEnd))
    case .control("u"): kill(entry.lineStart..<entry.cursor)
    case .control("w"), .alt("\u{7F}"): kill(entry.wordStart..<entry.cursor)
    case .alt("d"): kill(entry.cursor..<entry.wordEnd)
    default: break
    }
  }

  private func eraseForward() {
    guard entry.cursor < entry.characters.count else { return }
    _ = entry.remove(entry.cursor..<entry.cursor + 1)
  }

  private func kill(_ range: Range<Int>) {
    var range = range
    // At the end of a line there is still its break.
    if range.isEmpty, lastKey != nil, range.lowerBound == entry.lineEnd,
      range.lowerBound < entry.characters.count
    {
      range = range.lowerBound..<range.lowerBound + 1
    }
    if !range.isEmpty { killed = entry.remove(range) }
  }

  private func recall(_ direction: Int) {
    if let found = history.step(direction, from: entry) { entry = found }
  }

  private func enter() {
    if assistant.isIncomplete(entry.text) { entry.breakLine() } else { finish(.entry(entry.text)) }
  }

  // Completion

  private func complete() {
    if entry.isInIndentation {
      entry.insert(String(repeating: " ", count: Entry.indentation))
      return
    }
    let menu = CompletionMenu(
      assistant.possibilities(entry.text, entry.before.utf8.count), in: entry)
    if let insertion = menu.insertion {
      entry = insertion
    } else if lastKey == .tab {
      let frame = frame
      let height = frame.rows - 1 - min(frame.rows / 2, view.text.count { $0 == "\n" } + 1)
      let rows = menu.rows(
        width: frame.columns, height: height, summary: assistant.summary)
      if !rows.isEmpty { goBelow(.list(rows)) }
    }
  }

  // Searching

  /// Handles a key while searching; `false` when the search is over and the key means the usual.
  private func handleInSearch(_ key: Key) -> Bool {
    guard var search else { return false }
    switch key {
    case .control("r"): search.older(in: history)
    case .character(let scalar): search.type(scalar, in: history)
    case .backspace: search.erase(in: history)
    case .control("g"), .escape:
      entry = search.draft
      self.search = nil
      return true
    default:
      self.search = nil
      return false
    }
    self.search = search
    entry = search.found(in: history)
    return true
  }
}
