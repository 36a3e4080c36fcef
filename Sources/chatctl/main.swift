import ChatCommands

Program.main(CommandLine.arguments)
