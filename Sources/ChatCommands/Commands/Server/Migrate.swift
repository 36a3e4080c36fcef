import ArgumentParser
import ChatCore
import ChatSQL

/// `chatctl migrate`: brings the schema up to date.
struct Migrate: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date.",
        discussion: """
            With --new-epoch every room gets another epoch, so that no client takes its position in the log that was \
            given up for one in the restored log. 'restore' does so by itself; on PostgreSQL run it after pg_restore, \
            before the servers start.
            """)

    @Flag(help: "List the versions; change nothing.") var status = false
    @Flag(help: "List the versions that would be applied; change nothing.") var dryRun = false
    @Flag(help: "Give every room another epoch, after the database was restored.") var newEpoch = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !(status && dryRun) else { throw ValidationError("--status and --dry-run exclude each other") }
        guard !newEpoch || !(status || dryRun) else {
            throw ValidationError("--new-epoch changes the database, --status and --dry-run do not")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        try invocation.requireDirect("migrate")
        let database = try await invocation.openDatabase(status || dryRun ? .inspecting : .migrating)
        do throws(ChatError) {
            if newEpoch {
                try await database.migrator.renewEpoch(
                    Act("database.new-epoch", by: .operator(as: nil), on: invocation.settings.shown("database")))
                invocation.screen.notice("chatctl: every room has another epoch")
            }
            let list = dryRun ? try await database.migrator.migrate(dryRun: true) : try await database.migrator.status()
            try show(list, invocation)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    private func show(_ list: [MigrationStatus], _ invocation: Invocation) throws(ChatError) {
        try invocation.show { json in
            json.array(list) { json, step in
                json.object { json in
                    json.field("version", step.version)
                    json.field("name", step.name)
                    json.field("applied_at", step.appliedAt)
                }
            }
        } text: {
            list.map { step in
                "\(step.version) \(step.name) \(step.appliedAt?.rfc3339 ?? "not applied")"
            }
        }
    }
}
