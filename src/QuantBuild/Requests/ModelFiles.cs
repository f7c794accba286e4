using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Requests;

/// <summary>The files that decide what becomes of a model, besides the model itself.</summary>
internal static class ModelFiles
{
    /// <summary>
    /// Data files that settings name, and the files of weights beside the model as exporters name them
    /// (<c>model.onnx.data</c> PyTorch, <c>model.onnx_data</c> Hugging Face Optimum), ordered.
    /// </summary>
    public static IReadOnlyList<string> Of(WorkerRequest project, RequestModel model, SettingNames settings) =>
        [.. settings.FilesOf(project, model).Concat(WeightsBeside(model.Path)).Distinct(StringComparer.Ordinal).OrderBy(path => path, StringComparer.Ordinal)];

    private static IEnumerable<string> WeightsBeside(string model)
    {
        string directory = Path.GetDirectoryName(model)!;
        string name = Path.GetFileName(model);
        if (!Directory.Exists(directory))
            return [];

        return Directory.EnumerateFiles(directory)
            .Where(file => Path.GetFileName(file) is string candidate
                && candidate.Length > name.Length
                && candidate.StartsWith(name, StringComparison.Ordinal)
                && (candidate[name.Length] == '.' || candidate[name.Length] == '_'));
    }
}
