using System;
using System.IO;
using System.Linq;
using System.Text;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Keys;

/// <summary>Remembers from which content the classes of a project were generated: a model that was only touched needs no new class.</summary>
internal sealed class GenerationKey
{
    private readonly string path;
    private readonly string? current;

    /// <param name="request">The whole request; what is in it decides what is generated.</param>
    /// <param name="workerDirectory">Folder of the program that generates.</param>
    public GenerationKey(WorkerRequest request, string workerDirectory)
    {
        path = Path.Combine(request.OutputDirectory, "generated.key");
        current = HashOf(request, workerDirectory);
    }

    public bool IsCurrent => current != null && File.Exists(path) && File.ReadAllText(path) == current;

    /// <summary>Nothing is remembered when a model or the names of its classes could not be read.</summary>
    public void Write()
    {
        if (current != null)
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(current));
    }

    private static string? HashOf(WorkerRequest request, string workerDirectory)
    {
        try
        {
            return ModelKey.TextHash(string.Join("\n",
            [
                Encoding.UTF8.GetString(RequestJson.ToBytes(request)),
                ModelKey.WorkerHash(workerDirectory),
                .. request.Models.Select(model => ModelKey.FileHash(model.Path)),
                .. request.Models.Select(model => SettingNames.LabelFile(request, model)).Select(file => file == null ? "" : ModelKey.FileHash(file)),
            ]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
