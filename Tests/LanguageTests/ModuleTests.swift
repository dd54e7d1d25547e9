import Language
import Testing

/// Modules as the host sees them.
struct ModuleTests {
  private let script = """
    ## Weights.
    module Linear(n, m) {
      param weight = grid([m, n], fill: 1)
      param bias = grid([m])
    }
    ## A method.
    module Method(classes: Classes, width: Int = 3) {
      param ctx: [2, width] = grid([2, width], fill: 4)
      let heads = {text: Linear(width, 1), "0": [nil, Linear(1, width)]}
      frozen teacher = grid([width])
      state steps = 0
      let doubled = ctx + ctx
      fn step() { steps += 1 }
      fn logits(x: [B, width]) -> [B, C] => grid([B, C], fill: filled(doubled))
    }
    let method = Method(["a", "b"])
    """

  private func method() throws -> (Session, ModuleValue) {
    let session = TestHost().session()
    #expect(session.report(script, name: "method.duet").diagnostics.isEmpty)
    return (session, try #require(session.value(of: "method")?.module))
  }

  @Test func `a module knows its declaration and arguments`() throws {
    let (_, module) = try method()
    #expect(module.definition.name == "Method")
    #expect(module.definition.doc == "A method.")
    #expect(module.definition.location.text == "method.duet:7:1")
    #expect(module.definition.signature.text == "(classes: Classes, width: Int = 3)")
    #expect(module.definition.functions.map(\.name) == ["step", "logits"])
    #expect(module.arguments.keys == ["classes"])
    #expect(module.isComplete)
    #expect(module.hasFunction("logits"))
    #expect(!module.hasFunction("ctx"))
    #expect(module["width"]?.int == 3)
  }

  @Test func `entries are listed in order with role and path`() throws {
    let (_, module) = try method()
    #expect(
      module.entries.map { "\($0.role.rawValue) \($0.path)" } == [
        "param ctx", "param heads.text.weight", "param heads.text.bias", "param heads.0.1.weight",
        "param heads.0.1.bias", "frozen teacher", "state steps",
      ])
    #expect(module.parameters().keys.count == 5)
    #expect(module.parameters(.state)["steps"]?.int == 0)
    #expect(module.children.map(\.path) == ["heads.text", "heads.0.1"])
    #expect(module.entries[1].owner.definition.name == "Linear")
  }

  @Test func `rebuilding shares parameters and checks contracts anew`() throws {
    let (session, module) = try method()
    _ = session.report("method.step()")
    let rebuilt = try session.interpreter.rebuild(
      module, replacing: "classes", with: ["x", "y", "z"])
    for (old, new) in zip(module.entries, rebuilt.entries) where old.role != .state {
      #expect(old.value.object === new.value.object)
    }
    #expect(rebuilt.parameters(.state)["steps"]?.int == 1)
    session.define("rebuilt", .module(rebuilt))
    #expect(session.show("rebuilt.logits(grid([7, 3])).shape") == "[7, 3]")
    #expect(session.show("filled(rebuilt.doubled)") == "8.0")
  }

  @Test func `rebuilding with a wrong value is the error of its contract`() throws {
    let (session, module) = try method()
    #expect {
      try session.interpreter.rebuild(module, replacing: "classes", with: .int(3))
    } throws: { error in
      (error as? Fault)?.message == "'classes' must be a list of names"
    }
    #expect(session.show("Method([\"q\"]).classes") == "[\"q\"]")
  }

  @Test func `a rebuilt module can be rebuilt`() throws {
    let (session, module) = try method()
    let once = try session.interpreter.rebuild(module, replacing: "classes", with: ["x"])
    let twice = try session.interpreter.rebuild(once, replacing: "classes", with: ["y", "z"])
    #expect(twice.entries.count == module.entries.count)
    #expect(twice.entries[0].value.object === module.entries[0].value.object)
  }

  @Test func `a module can be rebuilt while another one is being made`() throws {
    let (session, _) = try method()
    let text = """
      module Pair(classes) {
        param own = grid([1])
        let inner = method.for(classes)
        param last = grid([2])
      }
      let pair = Pair(["k"])
      let other = pair.for(["k", "l"])
      [len(other.inner.classes), keys(other.parameters) == keys(pair.parameters)]
      """
    #expect(session.show(text) == "[2, true]")
  }

  @Test func `copies have objects of their own`() throws {
    let (session, module) = try method()
    let copied = try session.interpreter.copy(module)
    for (old, new) in zip(module.entries, copied.entries) where old.value.object != nil {
      #expect(old.value.object !== new.value.object)
      #expect((new.value.object as? Grid)?.role == old.role)
    }
    #expect(copied.entries.map(\.path) == module.entries.map(\.path))
    let rebuilt = try session.interpreter.rebuild(copied, replacing: "classes", with: ["x"])
    #expect(rebuilt.entries[0].value.object === copied.entries[0].value.object)
  }

  @Test func `functions of a module are called from Swift`() throws {
    let (session, module) = try method()
    let logits = try session.interpreter.member(of: .module(module), named: "logits")
    let result = try session.interpreter.call(logits, [], labels: [("x", Value(Grid([5, 3])))])
    #expect((result.object as? Grid)?.shape == [5, 2])
  }

  @Test func `a module frees its parameters with the last reference`() throws {
    let session = TestHost().session()
    _ = session.report("module M() { param w = grid([1])\n fn f() => w }\nvar m = M()\nvar g = m.f")
    weak let object = session.value(of: "m")?.module?.entries.first?.value.object
    #expect(object != nil)
    _ = session.report("m = nil")
    #expect(object != nil)
    _ = session.report("g = nil")
    #expect(object == nil)
  }

  @Test func `temporary values do not outlive their statement`() throws {
    let session = TestHost().session()
    _ = session.report("var m = {g: grid([1])}\nfn use(x) => 1\nlet k = use(m.g) + use([m.g])")
    weak let object = session.value(of: "m")?.record?["g"]?.object
    #expect(object != nil)
    _ = session.report("m = nil")
    #expect(object == nil)
  }
}
