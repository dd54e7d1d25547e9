internal import CEdit

/// What happens while an entry is edited, for the one who edits it.
protocol EditLineHandler: AnyObject {
  /// What stands before the text; terminal sequences in it lie between two ``EditLine/escape``.
  var prompt: String { get }
  /// Waits for the next key.
  func next() -> EditLine.Signal
  /// Handles the key that ``next()`` announced.
  func handle() -> EditLine.Reaction
}

/// libedit: it draws a text on the terminal and keeps the screen equal to it.
///
/// This file holds all calls of it, and with them all pointers. The text itself, and what keys do to
/// it, are ``LineEditor``'s: each key arrives through ``EditLineHandler`` and ends in ``show(_:)``.
@safe
final class EditLine {
  /// What a wait for a key came to.
  enum Signal {
    /// ``EditLineHandler/handle()`` knows what to do.
    case key
    /// The entry is finished: libedit leaves its rows and returns.
    case accept
    /// There is no more input.
    case end
  }

  /// What libedit has to do after a key.
  enum Reaction {
    /// Make the screen equal to the text.
    case redraw
    /// Nothing.
    case keep
    /// End without an entry.
    case leave
  }

  /// Encloses terminal sequences in a prompt.
  static let escape: Character = "\u{1}"

  private weak var handler: (any EditLineHandler)?
  private var editor: OpaquePointer?
  /// The prompt in the form in which libedit asks for it.
  private var promptText: UnsafeMutablePointer<wchar_t>
  private static let promptCapacity = 512

  /// An editor on the terminal; `nil` when there is none that libedit can use.
  init?() {
    unsafe promptText = .allocate(capacity: Self.promptCapacity)
    unsafe promptText.initialize(repeating: 0, count: Self.promptCapacity)
    duet_use_utf8()
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe editor = duet_edit_open(
      { editor, code in unsafe EditLine.of(editor)?.read(code) ?? 0 },
      { editor, _ in unsafe EditLine.of(editor)?.handle() ?? UInt8(DUET_LEAVE) },
      { editor in unsafe EditLine.of(editor)?.currentPrompt() }, context)
    if unsafe editor == nil { return nil }
  }

  deinit {
    if let editor = unsafe editor { unsafe el_end(editor) }
    unsafe promptText.deallocate()
  }

  private static func of(_ editor: OpaquePointer?) -> EditLine? {
    guard let context = unsafe duet_edit_context(editor) else { return nil }
    return unsafe Unmanaged<EditLine>.fromOpaque(context).takeUnretainedValue()
  }

  // Called by libedit

  private func read(_ code: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    guard let code = unsafe code, let handler else { return 0 }
    switch handler.next() {
    case .key: unsafe code.pointee = wchar_t(DUET_KEY)
    case .accept: unsafe code.pointee = wchar_t(DUET_ACCEPT)
    case .end: return 0
    }
    return 1
  }

  private func handle() -> UInt8 {
    switch handler?.handle() ?? .leave {
    case .redraw: UInt8(DUET_REDRAW)
    case .keep: UInt8(DUET_KEEP)
    case .leave: UInt8(DUET_LEAVE)
    }
  }

  private func currentPrompt() -> UnsafeMutablePointer<wchar_t> {
    let scalars = (handler?.prompt ?? "").unicodeScalars.prefix(Self.promptCapacity - 1)
    for (index, scalar) in scalars.enumerated() { unsafe promptText[index] = wchar_t(scalar.value) }
    unsafe promptText[scalars.count] = 0
    return unsafe promptText
  }

  // Called by the line editor

  /// Edits one entry until it is finished or given up.
  func run(_ handler: any EditLineHandler) {
    self.handler = handler
    unsafe duet_edit_run(editor)
  }

  /// Makes a view the text to be drawn at the next redrawing.
  func show(_ view: EntryView) {
    let text = view.text.unicodeScalars.map { wchar_t($0.value) } + [0]
    unsafe text.withUnsafeBufferPointer {
      unsafe duet_edit_show(editor, $0.baseAddress, Int32(view.cursor))
    }
  }

  /// Draws prompt and text anew where the terminal's cursor is, at the start of a row.
  func draw() { unsafe duet_edit_draw(editor) }

  /// Takes over the terminal's changed size.
  func resize() { unsafe duet_edit_resize(editor) }

  /// Puts the terminal into the editor's mode after others had it.
  func retake() { unsafe duet_edit_retake(editor) }
}
