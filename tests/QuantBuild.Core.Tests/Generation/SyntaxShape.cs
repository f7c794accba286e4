using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.VisualBasic.Syntax;
using QuantBuild.Testing;
using Basic = Microsoft.CodeAnalysis.VisualBasic;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>What a source is made of, without the text of its identifiers, literals and comments.</summary>
internal static class SyntaxShape
{
    private static readonly CSharpParseOptions Everything = new Consumer("net10.0", LanguageVersion.Latest, NullableContextOptions.Disable).ParseOptions;

    /// <summary>
    /// The tree of all nodes and tokens, a line each: depth and kind. Documentation comments are part of it; neighbouring texts in them
    /// count as one.
    /// </summary>
    public static string OfCSharp(string source)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, Everything);
        StringBuilder shape = new();
        Stack<(SyntaxNodeOrToken Item, int Depth)> open = new([(tree.GetRoot(), 0)]);
        bool afterText = false;
        while (open.TryPop(out (SyntaxNodeOrToken Item, int Depth) next))
        {
            SyntaxKind kind = next.Item.Kind();
            bool isText = kind is SyntaxKind.XmlTextLiteralToken or SyntaxKind.XmlEntityLiteralToken;
            if (!isText || !afterText)
                shape.Append(next.Depth).Append(' ').Append(isText ? SyntaxKind.XmlTextLiteralToken : kind).Append('\n');
            afterText = isText;
            IEnumerable<SyntaxNodeOrToken> children = next.Item.ChildNodesAndTokens();
            if (next.Item.IsToken)
                children = next.Item.GetLeadingTrivia().Concat(next.Item.GetTrailingTrivia()).Select(trivia => (SyntaxNodeOrToken)trivia.GetStructure());
            foreach (SyntaxNodeOrToken child in children.Reverse().Where(child => child.IsNode || child.IsToken))
                open.Push((child, next.Depth + 1));
        }
        return shape.ToString();
    }

    /// <summary>The statements in order. A text may be a chain of literals and numbers of characters, so expressions are not looked into.
    /// </summary>
    public static string OfBasic(string source)
    {
        SyntaxTree tree = Basic.VisualBasicSyntaxTree.ParseText(source, GeneratedBasic.Options());
        return string.Join('\n', tree.GetRoot().DescendantNodes().OfType<StatementSyntax>()
            .Select(statement => $"{statement.Ancestors().Count()} {(Basic.SyntaxKind)statement.RawKind}"));
    }

    /// <summary>The kinds of all tokens and their lines, comments left out.</summary>
    public static string OfFSharp(string source) =>
        string.Join('\n', GeneratedFSharp.Tokens(source).Select(token => $"{token.Line} {token.Kind}"));
}
