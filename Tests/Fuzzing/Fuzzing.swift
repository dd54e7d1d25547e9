import Foundation

// The entry of libFuzzer, which calls it again and again with bytes that reach ever more of the code.
// The environment variable DUET_FUZZ names the reader; `Readers.swift` lists them.

private let reader: Reader = {
  let name = ProcessInfo.processInfo.environment["DUET_FUZZ"] ?? ""
  guard let reader = Reader(rawValue: name) else {
    let names = Reader.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("DUET_FUZZ is one of: \(names)")
  }
  return reader
}()

/// Reads bytes as a file. An error is as good as a value; a trap, a hang or much memory is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  reader.read(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
