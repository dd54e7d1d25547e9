// swift-tools-version: 6.3
import PackageDescription

// One list of settings for every Swift target. Dependencies run in one direction,
//
//     Tensor ──► Autograd ──► CLIP ──┐
//        ├─────► Datasets ───────────┤
//        └─────► Store ──────────────┼──► Bindings ──► duet
//     Language ──────────────────────┘
//
// and `swift build --explicit-target-dependency-import-check error` refuses any other import.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Kernels run at release speed in debug builds, too.
let kernelSettings = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func library(
  _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "duet",
  products: [.executable(name: "duet", targets: ["duet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS"),
    .systemLibrary(name: "CHDF5"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CEdit"),
    .systemLibrary(name: "CPNG"),
    .systemLibrary(name: "CJPEG"),
    .systemLibrary(name: "CWebP"),
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=fast", "-Wno-psabi"])]),

    library("Tensor", ["COpenBLAS", "CKernels"], settings: kernelSettings),
    library("Autograd", ["Tensor"]),
    library("CLIP", ["Autograd", "Tensor"]),
    library("Pictures", ["CPNG", "CJPEG", "CWebP"], settings: kernelSettings),
    library("Datasets", ["Tensor", "Pictures"], settings: kernelSettings),
    library("Store", ["Tensor", "CHDF5", "CZlib", crypto]),
    library("Language", []),
    library(
      "Bindings", ["Language", "CLIP", "Autograd", "Datasets", "Pictures", "Store", "Tensor"]),
    .executableTarget(
      name: "duet", dependencies: ["Bindings", "Language", "CEdit", arguments],
      swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
    .target(
      name: "ScriptSupport", dependencies: ["Language"], path: "Tests/ScriptSupport",
      swiftSettings: settings),
    tests("Tensor", ["Tensor", "CKernels"], exclude: ["Golden"]),
    tests("Autograd", ["Autograd", "Tensor"], exclude: ["Golden"]),
    tests("CLIP", ["CLIP", "Autograd", "Tensor"], exclude: ["Golden"]),
    tests("Pictures", ["Pictures"], exclude: ["Golden"]),
    tests("Datasets", ["Datasets", "Pictures", "Tensor"], exclude: ["Golden"]),
    tests("Store", ["Store", "Tensor"], exclude: ["Fixtures"]),
    tests("Language", ["Language", "ScriptSupport"], exclude: ["Cases", "Snapshots"]),
    tests(
      "Bindings", ["Bindings", "CLIP", "Datasets", "Language", "ScriptSupport", "Store"],
      exclude: ["Cases", "Golden"]),
    tests(
      "Duet", ["duet", "ScriptSupport"], exclude: ["Fixtures", "Replays", "Snapshots"]),
  ]
)

// `scripts/fuzz.sh` sets the variable; libFuzzer brings the `main` of the program.
if Context.environment["DUET_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["Store", "Pictures", "Tensor", "CZlib"], path: "Tests/Fuzzing",
      exclude: ["README.md", "Seeds"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
