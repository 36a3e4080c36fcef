// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

func product(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

let package = Package(
    name: "chatctl",
    products: [.executable(name: "chatctl", targets: ["chatctl"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .executableTarget(name: "chatctl", dependencies: ["ChatCommands"], swiftSettings: strict),
        .target(
            name: "ChatCommands",
            dependencies: [
                "ChatCore", "ChatWire", "ChatTerminal", "ChatServer", "ChatHTTP", "ChatAPI", "ChatPages", "ChatClient",
                "ChatSQL", "ChatSQLite", "ChatPostgreSQL", "ChatBus", "ChatSecrets", "ChatBench",
                product("ArgumentParser", "swift-argument-parser"),
                product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"),
            ],
            swiftSettings: strict),
        .target(name: "ChatTerminal", dependencies: ["CEditline", "ChatCore"], swiftSettings: strict),
        .target(
            name: "ChatBench",
            dependencies: ["ChatCore", "ChatWire", "CLinux", product("Histogram", "hdrhistogram-swift")],
            swiftSettings: strict),
        .target(
            name: "ChatHTTP",
            dependencies: [
                "ChatCore", "ChatWire",
                product("Hummingbird", "hummingbird"),
                product("NIOCore", "swift-nio"),
                product("HTTPTypes", "swift-http-types"),
                product("Logging", "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "ChatAPI",
            dependencies: [
                "ChatCore", "ChatHTTP", "ChatWire",
                product("Hummingbird", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("NIOCore", "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "ChatPages",
            dependencies: [
                "ChatCore", "ChatHTTP",
                product("Hummingbird", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("Mustache", "swift-mustache"),
                product("NIOCore", "swift-nio"),
            ],
            resources: [.embedInCode("assets")],
            swiftSettings: strict),
        .target(
            name: "ChatServer",
            dependencies: [
                "ChatCore", "ChatHTTP", "ChatWire",
                "CLinux",
                product("Hummingbird", "hummingbird"),
                product("HummingbirdCore", "hummingbird"),
                product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("NIOHTTP1", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"),
                product("NIOHTTPTypes", "swift-nio-extras"),
                product("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                product("HTTPTypes", "swift-http-types"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "ChatClient",
            dependencies: [
                "ChatCore", "ChatTLS", "ChatWire",
                product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("NIOHTTP1", "swift-nio"),
                product("NIOWebSocket", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .target(name: "ChatSQL", dependencies: ["ChatCore"], swiftSettings: strict),
        .target(
            name: "ChatSQLite", dependencies: ["ChatCore", "ChatSQL", product("GRDB", "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "ChatPostgreSQL", dependencies: ["ChatCore", "ChatSQL", "CPostgreSQL"], swiftSettings: strict),
        .target(
            name: "ChatBus",
            dependencies: [
                "ChatCore", "ChatTLS", "CHiredis",
                product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "ChatTLS",
            dependencies: [product("NIOCore", "swift-nio"), product("NIOSSL", "swift-nio-ssl")],
            swiftSettings: strict),
        .target(name: "ChatSecrets", dependencies: ["ChatCore", "COpenSSL"], swiftSettings: strict),
        .target(
            name: "ChatWire",
            dependencies: ["ChatCore", product("NIOCore", "swift-nio")],
            swiftSettings: strict),
        .target(name: "ChatCore", swiftSettings: strict),
        .testTarget(
            name: "ChatCoreTests",
            dependencies: ["ChatCore", "ChatSQL", "ChatSQLite", "ChatTestKit", "ChatWire"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatAPITests",
            dependencies: [
                "ChatAPI", "ChatCore", "ChatHTTP", "ChatTestKit", product("HTTPTypes", "swift-http-types"),
                product("Hummingbird", "hummingbird"), product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"), product("NIOEmbedded", "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatPagesTests",
            dependencies: [
                "ChatCore", "ChatHTTP", "ChatPages", "ChatTestKit", product("HTTPTypes", "swift-http-types"),
                product("Hummingbird", "hummingbird"), product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"), product("NIOEmbedded", "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatHTTPTests",
            dependencies: [
                "ChatCore", "ChatHTTP", product("HTTPTypes", "swift-http-types"), product("Hummingbird", "hummingbird"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatWireTests",
            dependencies: ["ChatCore", "ChatTestKit", "ChatWire", product("NIOCore", "swift-nio")],
            swiftSettings: strict),
        .target(
            name: "ChatTestKit", dependencies: ["ChatCore", "ChatSQL", "ChatSQLite", "ChatTerminal", "ChatWire"],
            path: "Tests/ChatTestKit",
            swiftSettings: strict),
        .testTarget(
            name: "ChatSQLTests", dependencies: ["ChatCore", "ChatSQL", "ChatSQLite", "ChatTestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatSQLiteTests", dependencies: ["ChatCore", "ChatSQL", "ChatSQLite", "ChatTestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatPostgreSQLTests", dependencies: ["ChatCore", "ChatSQL", "ChatPostgreSQL", "ChatTestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatBusTests",
            dependencies: [
                "ChatBus", "ChatCore", "ChatSQL", "ChatSQLite", "ChatTestKit", product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(name: "ChatTLSTests", dependencies: ["ChatTLS"], swiftSettings: strict),
        .testTarget(name: "ChatSecretsTests", dependencies: ["ChatCore", "ChatSecrets"], swiftSettings: strict),
        .testTarget(
            name: "ChatClientTests",
            dependencies: [
                "ChatClient", "ChatCore", "ChatTestKit", "ChatWire", product("NIOCore", "swift-nio"),
                product("NIOEmbedded", "swift-nio"), product("NIOHTTP1", "swift-nio"),
                product("NIOPosix", "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatServerTests",
            dependencies: [
                "ChatCore", "ChatHTTP", "ChatServer", "ChatTestKit", "ChatWire", product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"), product("NIOEmbedded", "swift-nio"),
                product("NIOHTTP1", "swift-nio"), product("NIOPosix", "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatBenchTests", dependencies: ["ChatBench", "ChatCore", "ChatWire"], swiftSettings: strict),
        .testTarget(
            name: "ChatTerminalTests", dependencies: ["ChatCore", "ChatTerminal", "ChatTestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatCommandsTests",
            dependencies: [
                "ChatBench", "ChatCommands", "ChatCore", "ChatSQL", "ChatSQLite", "ChatTerminal", "ChatTestKit",
                "ChatWire", product("ArgumentParser", "swift-argument-parser"), product("Logging", "swift-log"),
            ],
            exclude: ["Golden"], swiftSettings: strict),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CEditline", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    ])
