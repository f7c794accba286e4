using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Keys;

/// <summary>Remembers beside a model's outputs what was asked for, which files were read, and what was written, with the hash of each.</summary>
/// <param name="outputDirectory">Absolute.</param>
/// <param name="name">Name of the model's outputs.</param>
/// <param name="language">MSBuild's <c>$(Language)</c>: the constants that the worker writes for the generated class are an output too.</param>
internal sealed class KeyFile(string outputDirectory, string name, string language)
{
    private const string Request = "request";

    private const string Input = "input";

    private const string Output = "output";

    private readonly string path = Path.Combine(outputDirectory, name + ".key");

    /// <summary>What a quantized model consists of. A large one that is not embedded has its weights in a file of their own.</summary>
    public IEnumerable<string> Outputs => Required.Union(Recorded(Output).Select(entry => entry.Name), StringComparer.Ordinal);

    /// <summary>Absolute paths of the files and folders that the model was made from; empty when nothing is recorded.</summary>
    public IEnumerable<string> Inputs => Recorded(Input).Select(entry => entry.Name);

    /// <summary>Whether the worker left everything that a quantized model consists of.</summary>
    public bool OutputsExist => Required.All(output => File.Exists(Path.Combine(outputDirectory, output)));

    private string[] Required =>
    [
        name + ".onnx", name + ".report.json", name + ".report.html", name + ".lock.json", .. SourceFiles.Metadata(name, language) is { } metadata ? new[] { metadata } : [],
    ];

    /// <summary>Large weights of a model that is not embedded, and the compressed form of one that is.</summary>
    private string[] Optional => [name + ".onnx.data", name + ".onnx.br"];

    /// <summary>Why the outputs cannot be used for what is asked now; null when they can.</summary>
    /// <param name="request">Hash of it.</param>
    public string? WhyStale(string request)
    {
        if (!File.Exists(path))
            return "it has not been quantized yet";
        if (Recorded(Request).All(entry => entry.Sha256 != request))
            return "settings, or QuantBuild itself, changed";
        foreach ((string sha256, string input) in Recorded(Input))
            if (Changed(input, sha256, input) is { } reason)
                return reason;

        List<(string Sha256, string Name)> written = [.. Recorded(Output)];
        foreach (string output in Required.Where(output => written.All(entry => entry.Name != output)))
            return $"'{output}' is missing";
        foreach ((string sha256, string output) in written)
            if (Changed(Path.Combine(outputDirectory, output), sha256, output) is { } reason)
                return reason;

        return null;
    }

    /// <summary>Records what the outputs were made from.</summary>
    public void Write(string request, IEnumerable<ResultInput> inputs)
    {
        IEnumerable<string> written = Required.Concat(Optional.Where(output => File.Exists(Path.Combine(outputDirectory, output))));
        IEnumerable<string> lines = inputs.Select(input => Line(Input, input.Sha256 ?? "", input.Path ?? ""))
            .Concat(written.Select(output => Line(Output, ModelKey.FileHash(Path.Combine(outputDirectory, output)), output)))
            .Prepend(Line(Request, request, name));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n"));
    }

    private static string? Changed(string file, string sha256, string shown)
    {
        bool isFolder = Directory.Exists(file);
        if (!isFolder && !File.Exists(file))
            return $"'{shown}' is missing";
        try
        {
            return (isFolder ? DataFolders.ContentHash(file) : ModelKey.FileHash(file)) == sha256 ? null : $"'{shown}' changed";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"'{shown}' cannot be read";
        }
    }

    private static string Line(string kind, string sha256, string name) => kind + " " + sha256 + " " + name;

    /// <summary>Lines of one kind; a name is the rest of its line, whatever it holds.</summary>
    private IEnumerable<(string Sha256, string Name)> Recorded(string kind) => File.Exists(path)
        ? File.ReadAllLines(path)
            .Select(line => line.Split([' '], 3))
            .Where(parts => parts.Length == 3 && parts[0] == kind)
            .Select(parts => (parts[1], parts[2]))
        : [];
}
