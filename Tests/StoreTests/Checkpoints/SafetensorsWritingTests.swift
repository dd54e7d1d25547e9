import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct SafetensorsWritingTests {
  @Test func `tensors are read back with all their bits`() throws {
    let folder = try TemporaryFolder()
    let tensors = [
      NamedTensor("a/\"b\"\n", try Tensor(shape: [2, 2], elements: [1, -0.0, .nan, .infinity])),
      NamedTensor("empty", try Tensor(shape: [0, 3], elements: [])),
      NamedTensor("scalar", try Tensor(0.1)),
    ]
    let file = folder.file("t.safetensors")
    let bytes = try SafetensorsImage.bytes(of: tensors, metadata: [("format", "pt")])
    #expect(bytes[0] % 8 == 0)
    try PlainFile.write(bytes, to: file, replacing: false)
    let read = try StateDict(reading: file)
    for tensor in tensors {
      #expect(try read.tensor(named: tensor.name).hasSameBits(as: tensor.tensor))
    }
  }

  @Test func `two tensors of one name are refused`() throws {
    let one = NamedTensor("a", try Tensor(1))
    #expect(throws: StoreError.Fault.self) {
      try SafetensorsImage.bytes(of: [one, one], metadata: [])
    }
    #expect(throws: StoreError.Fault.self) {
      try SafetensorsImage.bytes(of: [.init("__metadata__", one.tensor)], metadata: [])
    }
  }

  @Test func `a file that is there is kept unless it is to be replaced`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.txt")
    try PlainFile.write("one", to: file, replacing: false)
    #expect(throws: StoreError(file: file, .exists)) {
      try PlainFile.write("two", to: file, replacing: false)
    }
    try PlainFile.write("two", to: file, replacing: true)
    #expect(throws: StoreError(file: folder.path, .notRegular)) {
      try PlainFile.write("three", to: folder.path, replacing: true)
    }
    #expect(try folder.names == ["a.txt"])
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "two")
  }
}
