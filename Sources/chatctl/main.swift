import ChatCommands

Program.main()
