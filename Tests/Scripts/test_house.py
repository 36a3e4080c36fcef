"""Scripts/house on small trees: each rule fires on what breaks it, and on nothing else."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HOUSE = pathlib.Path(os.environ.get("HOUSE") or pathlib.Path(__file__).resolve().parents[2] / "Scripts" / "house")
SWIFT = ["chatctl", "ChatCore", "ChatWire", "ChatSQL", "ChatSQLite", "ChatPostgreSQL", "ChatTLS", "ChatBus",
         "ChatSecrets", "ChatHTTP", "ChatAPI", "ChatPages", "ChatServer", "ChatClient", "ChatTerminal", "ChatBench", "ChatCommands"]
BACKENDS = ["ChatBus", "ChatPostgreSQL", "ChatSQL", "ChatSQLite", "ChatSecrets"]
C = ["CPostgreSQL", "CHiredis", "COpenSSL", "CEditline", "CLinux"]
REASON = "// Longer than usual: one table, one file.\n"


def long_function(lines, head="func work() {"):
    return head + "\n" + "    step()\n" * lines + "}\n"


class HouseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in SWIFT:
            self.write(f"{name}/Main.swift", "enum Main {}\n")
        for name in C:
            self.write(f"{name}/shim.h", "\n")
            self.write(f"{name}/module.modulemap", f"module {name} {{}}\n")

    def write(self, path, text):
        file = self.root / "Sources" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def house(self):
        done = subprocess.run([sys.executable, HOUSE, "--root", self.root], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def assert_fault(self, path, text, line, says):
        self.write(path, text)
        status, output = self.house()
        self.assertEqual(status, 1, output)
        self.assertEqual(len(output.splitlines()), 1, output)
        self.assertTrue(output.startswith(f"Sources/{path}:{line}: "), output)
        self.assertIn(says, output)

    def assert_in_order(self, path, text):
        self.write(path, text)
        status, output = self.house()
        self.assertEqual((status, output), (0, output), output)
        self.assertRegex(output, r"\Ahouse: \d+ files in order\n\Z")

    # The layout

    def test_an_orderly_tree_gives_one_line(self):
        self.assertEqual(self.house(), (0, "house: 17 files in order\n"))

    def test_an_unknown_folder_is_a_fault(self):
        self.write("ChatUtil/A.swift", "enum A {}\n")
        status, output = self.house()
        self.assertEqual(status, 1)
        self.assertIn("ChatUtil", output)

    def test_a_missing_folder_is_a_fault(self):
        (self.root / "Sources/ChatBus/Main.swift").unlink()
        (self.root / "Sources/ChatBus").rmdir()
        status, output = self.house()
        self.assertEqual(status, 1)
        self.assertIn("Sources/ChatBus:1:", output)

    def test_a_c_target_holds_its_shim_only(self):
        self.assert_fault("CHiredis/extra.c", "int x;\n", 1, "nothing else")

    # Imports

    def test_the_core_imports_no_foundation(self):
        self.assert_fault("ChatCore/A.swift", "import Synchronization\nimport Foundation\n", 2, "import Foundation")

    def test_every_form_of_import_counts(self):
        for line in ("@preconcurrency import NIOCore", "package import NIOCore", "import struct NIOCore.ByteBuffer",
                     "@_spi(X) import NIOCore", "    import NIOCore", "internal import NIOCore"):
            with self.subTest(line):
                self.assert_fault("ChatCore/A.swift", line + "\n", 1, "import NIOCore")

    def test_an_import_in_a_comment_or_string_does_not_count(self):
        self.assert_in_order("ChatCore/A.swift", '// import Foundation\nlet a = """\nimport Foundation\n"""\n')

    def test_the_wire_takes_essentials_only(self):
        self.assert_in_order("ChatWire/A.swift", "import FoundationEssentials\nimport NIOCore\n")
        self.assert_fault("ChatWire/A.swift", "import Glibc\n", 1, "import Glibc")

    def test_the_server_knows_no_storage(self):
        self.assert_fault("ChatServer/A.swift", "import ChatSQL\n", 1, "import ChatSQL")

    def test_the_store_knows_no_database_and_backends_not_each_other(self):
        for target, module in (("ChatSQL", "GRDB"), ("ChatSQL", "CPostgreSQL"), ("ChatSQL", "ChatSQLite"),
                               ("ChatSQLite", "ChatPostgreSQL"), ("ChatSQLite", "CPostgreSQL"),
                               ("ChatPostgreSQL", "ChatSQLite"), ("ChatPostgreSQL", "GRDB")):
            with self.subTest(f"{target} {module}"):
                self.assert_fault(f"{target}/A.swift", f"import {module}\n", 1, f"{target} may not import {module}")
                self.write(f"{target}/A.swift", "\n")

    def test_the_load_generator_knows_neither_commands_nor_frameworks(self):
        self.assert_in_order("ChatBench/A.swift", "import CLinux\nimport ChatCore\nimport ChatWire\nimport Dispatch\n"
                             "import FoundationEssentials\nimport Glibc\nimport Histogram\nimport Synchronization\n")
        for module in ("ChatCommands", "ChatClient", "ChatServer", "NIOCore", "NIOPosix", "ArgumentParser"):
            with self.subTest(module):
                self.assert_fault("ChatBench/A.swift", f"import {module}\n", 1, f"ChatBench may not import {module}")

    def test_the_commands_leave_sockets_and_histograms_to_the_load_generator(self):
        for module in ("CLinux", "Histogram"):
            with self.subTest(module):
                self.assert_fault("ChatCommands/A.swift", f"import {module}\n", 1, f"may not import {module}")

    def test_only_the_assembly_names_a_backend(self):
        self.assert_in_order("ChatCommands/Assembly.swift", "".join(f"import {name}\n" for name in BACKENDS))
        for module in BACKENDS:
            with self.subTest(module):
                self.assert_fault("ChatCommands/Send.swift", f"import {module}\n", 1, "Assembly.swift")

    # Writing, and the process

    def test_only_the_terminal_writes(self):
        for call in ("print(1)", "Swift.print(1)", "fputs(a, stderr)", "FileHandle.standardOutput", "write(1, p, n)",
                     "Glibc.write(STDERR_FILENO, p, n)", "write(STDOUT_FILENO, p, n)"):
            with self.subTest(call):
                self.assert_fault("ChatCommands/Output/A.swift", f"let a = {call}\n", 1, "only ChatTerminal writes")
                self.assert_fault("ChatCommands/Output/A.swift", f'let a = "\\({call})"\n', 1, "ChatTerminal")
                self.write("ChatCommands/Output/A.swift", "\n")
                self.assert_in_order("ChatTerminal/A.swift", f"let a = {call}\n")

    def test_no_command_touches_the_process(self):
        for call in ("exit(1)", "_exit(1)", "Glibc.exit(1)", 'getenv("A")', "setenv(a, b, 1)", 'unsetenv("A")',
                     "isatty(1)", "getpass(a)", "readLine()", "environ"):
            with self.subTest(call):
                self.assert_fault("ChatCommands/Commands/A.swift", f"let a = {call}\n", 1, "touches the process")
                self.write("ChatCommands/Commands/A.swift", "\n")
                self.assert_in_order("ChatCommands/Process/A.swift", f"let a = {call}\n")
                self.write("ChatCommands/Process/A.swift", "\n")

    def test_what_only_looks_like_the_process_passes(self):
        self.assert_in_order("ChatCommands/A.swift", 'let a = [b.exit(1), onExit(2), environment, c.environ]\n'
                             'func exit(_ a: Int) {}\nlet d = "exit(1)" // exit(1)\n')

    def test_what_only_looks_like_printing_passes(self):
        self.assert_in_order("ChatServer/A.swift", 'let a = [x.print(1), write(12, p, n), b.write(1, 2), fingerprint(3)]\n'
                             'func print(_ a: Int) {}\nlet b = "print(1)" // print(1)\n')

    # Sizes

    def test_a_long_file_needs_a_reason_at_its_top(self):
        self.assert_in_order("ChatCore/A.swift", "let a = 1\n" * 300)
        self.assert_fault("ChatCore/A.swift", "let a = 1\n" * 301, 1, "301 lines")
        self.assert_in_order("ChatCore/A.swift", "\n" * 14 + REASON + "let a = 1\n" * 300)
        self.assert_fault("ChatCore/A.swift", "\n" * 15 + REASON + "let a = 1\n" * 300, 1, "316 lines")

    def test_a_long_function_needs_a_reason_above(self):
        self.assert_in_order("ChatCore/A.swift", long_function(40))
        self.assert_fault("ChatCore/A.swift", "\n" + long_function(41), 2, "41 lines")
        self.assert_in_order("ChatCore/A.swift", REASON + long_function(41))

    def test_documentation_and_attributes_may_stand_between(self):
        self.assert_in_order("ChatCore/A.swift", REASON + "/// Works.\n@inlinable\n" + long_function(41))

    def test_a_reason_needs_words_and_its_place(self):
        self.assert_fault("ChatCore/A.swift", "// Longer than usual: \n" + long_function(41), 2, "41 lines")
        self.assert_fault("ChatCore/A.swift", REASON + "\nlet a = 1\n" + long_function(41), 4, "41 lines")

    def test_every_kind_of_body_is_measured(self):
        for head in ("init?(a: Int) {", "deinit {", "subscript(a: Int) -> Int {", "static func < (a: A, b: A) -> Bool {",
                     "var all: [Int] {", "func `a { b`() {", "@Sendable func f<T>(\n    a: () -> T = { 1 }\n) throws(E) {",
                     "package nonisolated consuming func f() async -> Int {"):
            with self.subTest(head):
                self.assert_fault("ChatCore/A.swift", long_function(41, head), 1, "41 lines")

    def test_requirements_and_calls_have_no_body(self):
        requirements = "protocol P {\n    func a()\n    init(b: Int)\n    var c: Int { get }\n    func d()\n}\n"
        self.assert_in_order("ChatCore/A.swift", requirements + "enum E {\n" + "    case a\n" * 60 + "}\n")
        self.assert_in_order("ChatCore/A.swift", "let a = A.init(1)\nenum E {\n" + "    case a\n" * 60 + "}\n")

    def test_braces_in_text_do_not_count(self):
        tricks = ['let a = "}"', 'let a = #"}"\\#(b)"#', 'let a = "\\(f("}"))}"', "// }", "/* } /* } */ } */", "let a = /}/",
                  'let a = #/}"/#', 'let a = #"""#', 'let a = """\n} " }\n"""', 'let a = "\\\\"; let b = "}"']
        for trick in tricks:
            with self.subTest(trick):
                body = f"func work() {{\n{trick}\n" + "    step()\n" * 41 + "}\n" + 'let z = "{"\n'
                self.assert_fault("ChatCore/A.swift", body, 1, "lines")

    def test_a_division_is_no_regex(self):
        self.assert_in_order("ChatCore/A.swift", "func a() { let b = c / d }\nfunc e() { let f = g / h }\n")

    # Words

    def test_traps_are_faults(self):
        for word, code in (("try!", "try! f()"), ("as!", "a as! B"), ("fatalError", 'fatalError("no")')):
            with self.subTest(word):
                self.assert_fault("ChatCore/A.swift", f"\nlet a = {code}\n", 2, word)
        self.assert_in_order("ChatCore/A.swift", 'let a = "try! as! fatalError("; let b = try? f() // try!\n')

    def test_open_ends_in_comments_are_faults(self):
        for word in ("TODO", "FIXME"):
            with self.subTest(word):
                self.assert_fault("ChatCore/A.swift", f"let a = 1  // {word}: later\n", 1, "TODO")
                self.assert_fault("ChatCore/A.swift", f"/*\n {word}\n*/\n", 2, "TODO")
        self.assert_in_order("ChatCore/A.swift", 'let a = "TODO"\n')

    def test_unchecked_claims_need_a_comment(self):
        for claim in ("final class A: @unchecked Sendable {}", "nonisolated(unsafe) let a = 1"):
            with self.subTest(claim):
                self.assert_fault("ChatCore/A.swift", f"\n{claim}\n", 2, "proof")
                self.assert_fault("ChatCore/A.swift", f"// far\n\n{claim}\n", 3, "proof")
                self.assert_in_order("ChatCore/A.swift", f"// Guarded by lock.\n{claim}\n")
                self.assert_in_order("ChatCore/A.swift", f"{claim}  // Guarded by lock.\n")

    def test_a_licence_header_is_a_fault(self):
        for line in ("// Copyright 2026 A", "// SPDX-License-Identifier: MIT", "//  See LICENSE.txt"):
            with self.subTest(line):
                self.assert_fault("ChatCore/A.swift", f"//\n{line}\nlet a = 1\n", 2, "licence")


if __name__ == "__main__":
    unittest.main()
