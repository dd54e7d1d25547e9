internal import Foundation

extension Double {
  /// With so many decimals.
  func fixed(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
