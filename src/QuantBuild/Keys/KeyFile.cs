using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Keys;

/// <summary>Remembers beside a model's outputs the key that they were made for and the hashes that they had.</summary>
/// <param name="outputDirectory">Absolute.</param>
/// <param name="name">Name of the model's outputs.</param>
internal sealed class KeyFile(string outputDirectory, string name)
{
    private readonly string path = Path.Combine(outputDirectory, name + ".key");

    /// <summary>What a quantized model consists of. A large one that is not embedded has its weights in a file of their own.</summary>
    public IEnumerable<string> Outputs => Required.Union(File.Exists(path) ? RecordedIn(File.ReadAllLines(path)) : [], StringComparer.Ordinal);

    private IEnumerable<string> Required => [name + ".onnx", name + ".report.json"];

    private string Weights => name + ".onnx.data";

    /// <summary>Why the outputs cannot be used for <paramref name="key"/>; null when they can.</summary>
    public string? WhyStale(string? key)
    {
        if (key == null)
            return "an input cannot be read";
        if (!File.Exists(path))
            return "it has not been quantized yet";

        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != key)
            return "model, data, settings or QuantBuild itself changed";

        foreach (string output in Required.Union(RecordedIn(lines), StringComparer.Ordinal))
        {
            string outputPath = Path.Combine(outputDirectory, output);
            if (!File.Exists(outputPath))
                return $"'{output}' is missing";
            if (!lines.Contains(Line(output, outputPath), StringComparer.Ordinal))
                return $"'{output}' is not the file that was written";
        }

        return null;
    }

    /// <summary>Records that the outputs were made for <paramref name="key"/>.</summary>
    public void Write(string key)
    {
        IEnumerable<string> written = File.Exists(Path.Combine(outputDirectory, Weights)) ? Required.Append(Weights) : Required;
        IEnumerable<string> lines = written.Select(output => Line(output, Path.Combine(outputDirectory, output)));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Join("\n", lines.Prepend(key)) + "\n"));
    }

    /// <summary>Whether the worker left everything that a quantized model consists of.</summary>
    public bool OutputsExist => Required.All(output => File.Exists(Path.Combine(outputDirectory, output)));

    private static IEnumerable<string> RecordedIn(string[] lines) => lines.Skip(1).Select(line => line.Substring(line.IndexOf(' ') + 1));

    private static string Line(string output, string outputPath) => ModelKey.FileHash(outputPath) + " " + output;
}
