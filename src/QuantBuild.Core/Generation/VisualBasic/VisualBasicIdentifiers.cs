namespace QuantBuild.Generation.VisualBasic;

/// <summary>Lets keywords of Visual Basic be identifiers.</summary>
internal static class VisualBasicIdentifiers
{
    // Visual Basic language specification, chapter "Keywords", and those that were reserved once.
    private static readonly HashSet<string> keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "AddHandler", "AddressOf", "Alias", "And", "AndAlso", "As", "Boolean", "ByRef", "Byte", "ByVal", "Call", "Case", "Catch", "CBool",
        "CByte", "CChar", "CDate", "CDbl", "CDec", "Char", "CInt", "Class", "CLng", "CObj", "Const", "Continue", "CSByte", "CShort", "CSng",
        "CStr", "CType", "CUInt", "CULng", "CUShort", "Date", "Decimal", "Declare", "Default", "Delegate", "Dim", "DirectCast", "Do",
        "Double", "Each", "Else", "ElseIf", "End", "EndIf", "Enum", "Erase", "Error", "Event", "Exit", "False", "Finally", "For", "Friend",
        "Function", "Get", "GetType", "GetXMLNamespace", "Global", "GoSub", "GoTo", "Handles", "If", "Implements", "Imports", "In",
        "Inherits", "Integer", "Interface", "Is", "IsNot", "Let", "Lib", "Like", "Long", "Loop", "Me", "Mod", "Module", "MustInherit",
        "MustOverride", "MyBase", "MyClass", "NameOf", "Namespace", "Narrowing", "New", "Next", "Not", "Nothing", "NotInheritable",
        "NotOverridable", "Object", "Of", "On", "Operator", "Option", "Optional", "Or", "OrElse", "Out", "Overloads", "Overridable",
        "Overrides", "ParamArray", "Partial", "Private", "Property", "Protected", "Public", "RaiseEvent", "ReadOnly", "ReDim", "REM",
        "RemoveHandler", "Resume", "Return", "SByte", "Select", "Set", "Shadows", "Shared", "Short", "Single", "Static", "Step", "Stop",
        "String", "Structure", "Sub", "SyncLock", "Then", "Throw", "To", "True", "Try", "TryCast", "TypeOf", "UInteger", "ULong", "UShort",
        "Using", "Variant", "Wend", "When", "While", "Widening", "With", "WithEvents", "WriteOnly", "Xor",
        "Aggregate", "Ansi", "Assembly", "Async", "Auto", "Await", "Binary", "Compare", "Custom", "Explicit", "Infer", "Iterator", "Key",
        "Mid", "Off", "Preserve", "Strict", "Text", "Unicode", "Until", "Yield",
    };

    /// <summary>The identifier as the source has it: a keyword gets its brackets.</summary>
    public static string Escape(string identifier) => keywords.Contains(identifier) ? $"[{identifier}]" : identifier;

    /// <summary>An underscore alone continues a line.</summary>
    public static bool CanName(string name) => name.Any(character => character != '_');
}
