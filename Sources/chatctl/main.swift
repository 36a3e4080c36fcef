import ChatCommands
print("x")
