import Foundation
import Testing

import Store

@Suite struct Scratch {
  @Test func parity() throws {
    let root = ProcessInfo.processInfo.environment["SCRATCH"] ?? ""
    let e = FileManager.default.enumerator(atPath: root)
    var n = 0
    while let f = e?.nextObject() as? String {
      guard f.hasSuffix(".h5") else { continue }
      do {
        let a = try Archive(reading: root + "/" + f)
        n += 1
        print(f, a.root.children.count, ContentHash.of(a.root).prefix(8))
      } catch { print(f, error) }
    }
    print(n)
  }
  @Test func write() throws {
    var a = Archive()
    try a.set("/x", to: .list([.int(1), .int(2)]), file: "")
    try a.set("/y", to: .record([.init("a/b", .string("hé\0llo")), .init("", .nothing), .init(".", .list([.bool(true), .float(.nan)]))]), file: "")
    a.provenance.script = "let x = 1"
    let h = try a.write(to: "/tmp/st/w.h5")
    print(h)
    let b = try Archive(reading: "/tmp/st/w.h5")
    #expect(a.root == b.root)
    print(b.provenance)
  }
}
