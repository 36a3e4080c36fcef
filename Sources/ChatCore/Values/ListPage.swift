/// A part of a list that is sorted by a key: the items after `after`, at most `most` of them.
package struct ListPage<Key: Sendable>: Sendable {
    package var after: Key?
    package var most: Int?

    /// Without arguments, the whole list.
    package init(after: Key? = nil, most: Int? = nil) {
        self.after = after
        self.most = most
    }
}
