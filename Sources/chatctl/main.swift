import ChatCommands

await Program.main(CommandLine.arguments)
