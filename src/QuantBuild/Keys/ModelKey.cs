using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Keys;

/// <summary>What is asked for a model, as one hash. Times and the content of files are no part of it.</summary>
internal static class ModelKey
{
    /// <summary>Raised whenever what the key is made of changes.</summary>
    private const int Format = 3;

    /// <param name="project">For the properties, which hold for all models.</param>
    /// <param name="settings">Says which properties change nothing about a model.</param>
    /// <param name="workerHash">Of the program that quantizes: see <see cref="WorkerHash"/>.</param>
    /// <exception cref="IOException">The runtime's library cannot be read.</exception>
    public static string Of(WorkerRequest project, RequestModel model, SettingNames settings, string workerHash)
    {
        var text = new StringBuilder();
        Append(text, "format", Format.ToString(CultureInfo.InvariantCulture));
        Append(text, "worker", workerHash);
        Append(text, "runtime", project.RuntimeLibrary is { } runtime ? FileHash(runtime) : "");
        foreach (RequestSetting property in project.Properties.Where(property => settings.DecidesContent(property.Name)))
            Append(text, "property " + property.Name, property.Value);
        Append(text, "include", model.Include);
        Append(text, "path", model.Path);
        Append(text, "name", model.Name);
        if (model.Variant is { } variant)
            Append(text, "variant", variant);
        foreach (RequestSetting metadata in model.Metadata.Where(metadata => settings.DecidesContent(SettingNames.PropertyPrefix + metadata.Name)))
            Append(text, "metadata " + metadata.Name, metadata.Value);

        return TextHash(text.ToString());
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

        return TextHash(text.ToString());
    }

    public static string FileHash(string path)
    {
        using var sha = SHA256.Create();
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Hex(sha.ComputeHash(stream));
    }

    public static string TextHash(string text)
    {
        using var sha = SHA256.Create();
        return Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>With the length of the value, so that no value can imitate the next entry.</summary>
    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(name).Append(' ').Append(value.Length.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(value).Append('\n');

    private static string Hex(byte[] hash) => string.Concat(hash.Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
}
