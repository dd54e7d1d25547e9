import Foundation
import TestSupport
import Testing

/// The printed numbers of the papers, against the list they were taken from.
@Suite(.enabled(if: ReferenceFiles.shared != nil, "the list of printed numbers is not here"))
struct PublishedTests {
  private struct List: Decodable {
    struct Row: Decodable {
      let paper: String, table: Int, dataset: String, method: String, metric: String
      let value: Double, std: Double?, flags: [String]?
    }
    let rows: [Row]
  }

  private static func spec() throws -> Data {
    let shared = try #require(ReferenceFiles.shared).deletingLastPathComponent()
    return try Data(contentsOf: shared.appending(path: "spec/paper_tables.json"))
  }

  private static func records(_ text: String) throws -> [[String: Any]] {
    let line = try #require(try TestEngine().printed(text).first)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [[String: Any]])
  }

  private static let tables = [("ctp_tft", 6), ("bmip", 5)].flatMap { paper, count in
    (1...count).map { (paper, $0) }
  }

  @Test func `every printed number is there, and flagged ones are marked`() throws {
    let list = try JSONDecoder().decode(List.self, from: Self.spec())
    #expect(list.rows.count > 600)
    for (paper, table) in Self.tables {
      let call = "published(paper: \"\(paper)\", table: \(table))"
      let rows = try Self.records("print(json(\(call).rows))")
      let notes = try TestEngine().printed("for n in \(call).notes { print(n) }")
      let printed = list.rows.filter { $0.paper == paper && $0.table == table }
      var found = 0
      for row in printed {
        let own = rows.first {
          $0["dataset"] as? String == row.dataset && $0["method"] as? String == row.method
        }
        #expect(own?[row.metric] as? Double == row.value, "\(row)")
        if let std = row.std { #expect(own?[row.metric + "_std"] as? Double == std, "\(row)") }
        found += 1
        let note = "* \(row.dataset), \(row.method), \(row.metric): "
        if row.flags != nil { #expect(notes.contains { $0.hasPrefix(note) }, "\(row)") }
      }
      #expect(found == printed.count)
    }
  }

  /// The list's own figures: arithmetic of others, which ours must repeat.
  @Test func `recomputing gives the figures that the list gives`() throws {
    let spec = try JSONSerialization.jsonObject(with: Self.spec()) as? [String: Any]
    let checks = try #require(spec?["checks"] as? [[String: Any]])
    let figures = [
      "recomputed", "hm_of_printed_averages", "hm_of_recomputed_averages",
      "mean_of_hms_recomputed", "mean_of_hms_printed", "mean_of_10_targets",
      "mean_of_11_with_source", "ood_average", "overall_average",
    ]
    var compared = 0
    for (paper, table) in Self.tables where (paper, table) != ("ctp_tft", 6) {
      let audit = try Self.records("print(json(audit(paper: \"\(paper)\", table: \(table)).rows))")
      for check in checks
      where check["paper"] as? String == paper && check["table"] as? Int == table {
        for name in figures {
          guard let figure = check[name] as? Double else { continue }
          // The list rounds to two decimals at the coarsest.
          let near = audit.contains {
            abs(($0["recomputed"] as? Double ?? 0) - figure)
              < (name.contains("average") ? 0.0051 : 0.0006)
          }
          #expect(near, "\(check["check"] ?? "") \(name) \(figure)")
          compared += 1
        }
      }
    }
    #expect(compared > 80)
  }

  @Test func `what does not add up is what the list says`() throws {
    let off = try ["ctp_tft", "bmip"].flatMap { paper in
      try TestEngine().printed(
        """
        for t in \(paper == "bmip" ? "1...3" : "1...5") {
          for note in published(paper: "\(paper)", table: t).notes {
            if len(split(note, "printed ")) > 1 and len(split(note, ", but ")) > 1 { print("\(paper)", t, note) }
          }
        }
        """)
    }
    #expect(
      off == [
        "ctp_tft 5 * Average, B, base: printed 82.38, but the mean of the cells is 82.33",
        "ctp_tft 5 * OxfordPets, B, hm: printed 96.78, but the HM of base and new is 96.50",
        "bmip 1 * Average, MaPLe, hm: printed 78.22, but the mean of the cells is 77.82",
        "bmip 1 * Average, MaPLe, accuracy: printed 71.76, but the mean of the cells is 71.68",
        "bmip 1 * Average, BMIP, hm: printed 79.04, but the mean of the cells is 78.84",
        "bmip 1 * Average, BMIP, accuracy: printed 72.17, but the mean of the cells is 72.55",
      ])
  }
}
