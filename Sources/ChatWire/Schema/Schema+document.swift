extension Schema.Field {
    /// The field as a request may leave it empty.
    fileprivate var orNull: Self { .init(name, .nullable(schema), isRequired: isRequired) }
}

extension JSONWriter {
    /// Writes a schema as JSON Schema 2020-12; a named one as a reference to the components of an OpenAPI document.
    package mutating func schema(_ schema: Schema) {
        switch schema {
        case .named(let name, _): object { $0.field("$ref", "#/components/schemas/\(name)") }
        case .nullable(let inner):
            object { json in
                json.key("anyOf")
                json.array([inner, nil]) { json, each in
                    if let each { json.schema(each) } else { json.object { $0.field("type", "null") } }
                }
            }
        default: object { $0.keywords(of: schema) }
        }
    }

    private mutating func keywords(of schema: Schema) {
        switch schema {
        case .text(let rule): keywords(of: rule)
        case .number(let range):
            field("type", "integer")
            field("format", "int64")
            field("minimum", range.lowerBound)
            field("maximum", range.upperBound)
        case .flag: field("type", "boolean")
        case .list(let element, let most):
            field("type", "array")
            key("items")
            self.schema(element)
            if let most { field("maxItems", most) }
        case .object(let fields): keywords(of: fields)
        case .map(let value):
            field("type", "object")
            key("additionalProperties")
            self.schema(value)
        case .named, .nullable: break
        }
    }

    private mutating func keywords(of rule: TextRule) {
        field("type", "string")
        if !rule.choices.isEmpty {
            key("enum")
            array(rule.choices) { $0.value($1) }
        }
        if let length = rule.length {
            field("minLength", length.lowerBound)
            field("maxLength", length.upperBound)
        }
        if let pattern = rule.pattern { field("pattern", pattern) }
        if let format = rule.format { field("format", format) }
    }

    private mutating func keywords(of fields: [Schema.Field]) {
        field("type", "object")
        key("properties")
        object { json in
            for field in fields {
                json.key(field.name)
                json.schema(field.schema)
            }
        }
        let required = fields.filter(\.isRequired)
        guard !required.isEmpty else { return }
        key("required")
        array(required) { $0.value($1.name) }
    }

    /// Writes the schema of a request's body, which has no members but those of its shape.
    package mutating func schema(ofBody shape: any RequestShape.Type) {
        object { json in
            json.keywords(of: shape.fields.map { shape.isChange || $0.isRequired ? $0 : $0.orNull })
            json.field("additionalProperties", false)
            if shape.isChange { json.field("minProperties", 1) }
        }
    }
}
