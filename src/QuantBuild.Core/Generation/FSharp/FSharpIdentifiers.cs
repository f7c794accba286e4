namespace QuantBuild.Generation.FSharp;

/// <summary>Lets keywords of F# be identifiers.</summary>
internal static class FSharpIdentifiers
{
    // F# language specification §3.4: keywords, reserved words of OCaml, and words that are reserved for later.
    private static readonly HashSet<string> keywords = new(StringComparer.Ordinal)
    {
        "abstract", "and", "as", "asr", "assert", "base", "begin", "class", "const", "default", "delegate", "do", "done", "downcast",
        "downto", "elif", "else", "end", "exception", "extern", "false", "finally", "fixed", "for", "fun", "function", "global", "if", "in",
        "include", "inherit", "inline", "interface", "internal", "land", "lazy", "let", "lor", "lsl", "lsr", "lxor", "match", "member",
        "mod", "module", "mutable", "namespace", "new", "not", "null", "of", "open", "or", "override", "private", "public", "rec", "return",
        "select", "sig", "static", "struct", "then", "to", "true", "try", "type", "upcast", "use", "val", "void", "when", "while", "with",
        "yield", "atomic", "break", "checked", "component", "constraint", "constructor", "continue", "event", "external", "functor",
        "measure", "method", "mixin", "object", "parallel", "params", "process", "property", "protected", "pure", "sealed", "tailcall",
        "trait", "virtual", "volatile",
    };

    /// <summary>The identifier as the source has it: a keyword gets its backticks.</summary>
    public static string Escape(string identifier) => keywords.Contains(identifier) ? $"``{identifier}``" : identifier;

    /// <summary>An underscore alone is a wildcard, and so is nothing that can be declared.</summary>
    public static bool CanName(string name) => name != "_";
}
