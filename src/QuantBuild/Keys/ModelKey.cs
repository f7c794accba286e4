using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Keys;

/// <summary>The content that a quantized model is a function of, as one hash. Times and absolute paths are no part of it.</summary>
internal static class ModelKey
{
    /// <summary>Raised whenever what the key is made of changes.</summary>
    private const int Format = 2;

    /// <param name="project">For the properties, which hold for all models.</param>
    /// <param name="dataFiles">Absolute paths.</param>
    /// <param name="workerHash">Of the program that quantizes: see <see cref="WorkerHash"/>.</param>
    /// <returns>Null when an input cannot be read; then nothing is current.</returns>
    public static string? Of(WorkerRequest project, RequestModel model, IReadOnlyList<string> dataFiles, string workerHash)
    {
        try
        {
            var text = new StringBuilder();
            Append(text, "format", Format.ToString(CultureInfo.InvariantCulture));
            Append(text, "worker", workerHash);
            Append(text, "runtime", project.RuntimeLibrary is { } runtime ? FileHash(runtime) : "");
            foreach (RequestSetting property in project.Properties)
                Append(text, "property " + property.Name, property.Value);
            Append(text, "include", model.Include);
            Append(text, "name", model.Name);
            foreach (RequestSetting metadata in model.Metadata)
                Append(text, "metadata " + metadata.Name, metadata.Value);
            Append(text, "model", FileHash(model.Path));
            foreach (string file in dataFiles)
                Append(text, "data " + Path.GetFileName(file), FileHash(file));

            using var sha = SHA256.Create();
            return Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Hash of the worker's own assemblies and of the list that names the versions of all others.</summary>
    public static string WorkerHash(string workerDirectory)
    {
        var text = new StringBuilder();
        IEnumerable<string> files = Directory.EnumerateFiles(workerDirectory)
            .Where(file => Path.GetFileName(file) is string name
                && (name is "quantbuild.dll" or "quantbuild.deps.json"
                    || (name.StartsWith("QuantBuild.", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal))))
            .OrderBy(file => file, StringComparer.Ordinal);
        foreach (string file in files)
            Append(text, Path.GetFileName(file), FileHash(file));

        using var sha = SHA256.Create();
        return Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static string FileHash(string path)
    {
        using var sha = SHA256.Create();
        using FileStream stream = File.OpenRead(path);
        return Hex(sha.ComputeHash(stream));
    }

    /// <summary>With the length of the value, so that no value can imitate the next entry.</summary>
    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(name).Append(' ').Append(value.Length.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(value).Append('\n');

    private static string Hex(byte[] hash) => string.Concat(hash.Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
}
