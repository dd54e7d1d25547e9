import Foundation
import Tensor
import TestSupport
import Testing

/// What NumPy says, from Golden/numpy.json; Golden/make.py tells how it arose.
struct Golden: Decodable {
  let indexing: [Indexing]
  let pairwise: [Pair]
  let reductions: Reductions
  let products: [Product]
  let moves: Moves

  static let numpy: Golden? = {
    guard let data = try? ReferenceFiles.golden("numpy.json", beside: #filePath) else { return nil }
    return try? JSONDecoder().decode(Golden.self, from: data)
  }()

  /// Element i of input number k.
  static func input(_ shape: [Int], _ k: Int = 0) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(
      shape: shape, elements: (0..<count).map { Float((7 * $0 + k) % 11 - 5) / 4 })
  }

  /// A number, or "nan", "inf", "-inf".
  struct Number: Decodable {
    let value: Float

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = text == "nan" ? .nan : text == "inf" ? .infinity : -.infinity
      } else {
        value = try container.decode(Float.self)
      }
    }
  }

  struct Indexing: Decodable {
    let shape: [Int]
    let index: [Part]
    /// nil where NumPy refuses.
    let result: [Int]?
    let elements: [Float]?
    let assigned: [Float]?
  }

  struct Part: Decodable {
    let index: TensorIndex

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      switch try container.decode(String.self) {
      case "n": index = .newAxis
      case "e": index = .ellipsis
      case "i": index = .position(try container.decode(Int.self))
      case "l": index = .list(try container.decode([Int].self))
      default:
        index = .slice(
          start: try container.decode(Int?.self), stop: try container.decode(Int?.self),
          step: try container.decode(Int.self))
      }
    }
  }

  struct Pair: Decodable {
    let function: String
    let a: [Int]
    let b: [Int]
    let result: [Int]
    let elements: [Number]
  }

  struct Reductions: Decodable {
    let sums: [Sum]
    let extremes: [Extreme]
  }

  struct Sum: Decodable {
    let shape: [Int]
    let axes: [Int]?
    let keeps: Bool
    let result: [Int]
    let sum: [Number]
    let mean: [Number]
  }

  struct Extreme: Decodable {
    let shape: [Int]
    let axis: Int
    let result: [Int]
    let max: [Float]
    let argmax: [Int]
    let min: [Float]
    let argmin: [Int]
  }

  struct Product: Decodable {
    let a: [Int]
    let b: [Int]
    let result: [Int]
    let elements: [Float]
    let transposable: Bool?
  }

  struct Moves: Decodable {
    let permuted: [Permuted]
    let concatenated: [Concatenated]
  }

  struct Permuted: Decodable {
    let shape: [Int]
    let axes: [Int]
    let result: [Int]
    let elements: [Float]
  }

  struct Concatenated: Decodable {
    let shapes: [[Int]]
    let axis: Int
    let result: [Int]
    let elements: [Float]
  }
}

/// Numbers of a normal distribution, the same in each run.
func randomTensor(_ shape: [Int], _ name: String = "test", deviation: Float = 1) throws -> Tensor {
  var stream = RandomStream(seed: 1, name: name)
  return try Tensor.normal(shape, deviation: deviation, from: &stream)
}
