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

    private IEnumerable<string> Outputs => [name + ".onnx", name + ".report.json"];

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

        foreach (string output in Outputs)
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
        IEnumerable<string> lines = Outputs.Select(output => Line(output, Path.Combine(outputDirectory, output)));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Join("\n", lines.Prepend(key)) + "\n"));
    }

    /// <summary>Whether the worker left everything that a quantized model consists of.</summary>
    public bool OutputsExist => Outputs.All(output => File.Exists(Path.Combine(outputDirectory, output)));

    private static string Line(string output, string outputPath) => ModelKey.FileHash(outputPath) + " " + output;
}
