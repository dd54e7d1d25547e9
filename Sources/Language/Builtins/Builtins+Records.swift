extension Builtins {
  static var records: [Native] {
    [keys, values, items, get, without]
  }

  private static var keys: Native {
    Native(
      "keys(record: Record) -> List", "The keys of a record, in order.",
      example: "keys({a: 1})\n[\"a\"]"
    ) { arguments in Value(try arguments.record(0).table.keys.map { .string($0) }) }
  }

  private static var values: Native {
    Native(
      "values(record: Record) -> List", "The values of a record, in the order of its keys.",
      example: "values({a: 1})\n[1]"
    ) { arguments in Value(try arguments.record(0).values) }
  }

  private static var items: Native {
    Native(
      "items(record: Record) -> List", "The keys of a record with their values.",
      example: "items({a: 1})\n[[\"a\", 1]]"
    ) { arguments in
      Value(try arguments.record(0).entries.map { Value([Value($0.key), $0.value]) })
    }
  }

  private static var get: Native {
    Native(
      "get(record: Record, key: String, default = nil)",
      "The value of a key, or something else when there is no such key.",
      example: "get({a: 1}, \"b\", 0)\n0"
    ) { arguments in try arguments.record(0)[try arguments.string(1)] ?? arguments[2] }
  }

  private static var without: Native {
    Native(
      "without(record: Record, keys...) -> Record", "The record without some keys.",
      example: "without({a: 1, b: 2}, \"a\")\n{b: 2}"
    ) { arguments in
      let keys = Set(try arguments.strings(1))
      return Value(
        Record(
          try arguments.record(0).entries.filter { !keys.contains($0.key) }.map {
            ($0.key, $0.value)
          }))
    }
  }
}
