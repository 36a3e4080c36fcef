/// The rows that a statement returned, with all values in one flat array: one allocation however many rows there are.
package struct SQLRows: RandomAccessCollection, Sendable {
    private let values: [SQLValue]
    private let width: Int

    /// - Parameter width: the number of columns; `values` holds whole rows.
    package init(values: [SQLValue], width: Int) {
        self.values = values
        self.width = Swift.max(width, 1)
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { values.count / width }
    package subscript(index: Int) -> SQLRow { SQLRow(values: values, start: index * width) }
}
