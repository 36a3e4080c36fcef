extension Substring {
    /// Without spaces and tabs at either end: what HTTP (RFC 9110 §5.6.3), configuration files and lists of options
    /// allow around a value.
    package var trimmingBlanks: Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        guard let last = lastIndex(where: { !isBlank($0) }) else { return "" }
        return self[...last].drop(while: isBlank)
    }
}
