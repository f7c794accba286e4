using System.Text;
using QuantBuild.Onnx;
using QuantBuild.Reporting;
using QuantBuild.Reporting.Html;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Puts the results of one model into the output folder. A model that did not pass never stands where one that ships would.</summary>
internal static class ModelOutputs
{
    public static WrittenModel Write(OutputFolder outputs, QuantizationSettings settings, ModelOutcome outcome, QuantizationReport report, bool passed)
    {
        string shipped = OutputNames.QuantizedModel(settings.Name);
        string rejected = OutputNames.RejectedModel(settings.Name);
        string file = passed ? shipped : rejected;
        outputs.Delete(passed ? rejected : shipped);
        outputs.Delete(OutputNames.Weights(passed ? rejected : shipped));
        ModelImage model = outcome.Image;
        WrittenFile? written = null;
        if (!settings.Embed && model.Folder is not null)
        {
            // A file that names weights never stands beside those of another build.
            outputs.Delete(file);
            string weights = OutputNames.Weights(file);
            if (outcome.Weights is { } own)
                own.MoveTo(outputs.PathOf(weights));
            else
                outputs.Write(weights, stream => Copy(model.Files.Single.Path, stream));
            outputs.Write(file, model.Naming(weights));
            written = WrittenFile.Of(outputs.PathOf(weights));
        }
        else
        {
            outputs.Delete(OutputNames.Weights(file));
            if (model.Folder is null)
                outputs.Write(file, model.Message);
            else
                outputs.Write(file, new ModelFileWriter(model).WriteTo);
        }
        if (passed && settings.IsPacked)
            WritePacked(outputs, file, OutputNames.PackedModel(settings.Name));
        else
            outputs.Delete(OutputNames.PackedModel(settings.Name));
        outputs.Write(OutputNames.Report(settings.Name), ReportJson.Write(report));
        outputs.Write(OutputNames.ReportPage(settings.Name), Encoding.UTF8.GetBytes(HtmlPage.Of(report)));
        return new WrittenModel(WrittenFile.Of(outputs.PathOf(file)), written);
    }

    private static void WritePacked(OutputFolder outputs, string file, string packed)
    {
        using var bytes = new MemoryStream();
        using (FileStream model = File.OpenRead(outputs.PathOf(file)))
            PackedModelFile.Pack(model, bytes);
        outputs.Write(packed, bytes.ToArray());
    }

    private static void Copy(string path, Stream to)
    {
        using FileStream from = File.OpenRead(path);
        from.CopyTo(to);
    }
}
