using QuantBuild.Onnx;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Puts the results of one model into the output folder. A model that did not pass never stands where one that ships would.</summary>
internal static class ModelOutputs
{
    /// <param name="weights">Holds the large tensors of <paramref name="model"/>; null when it has none. Closed and perhaps moved.</param>
    public static void Write(
        OutputFolder outputs, QuantizationSettings settings, ModelImage model, WeightFile? weights, QuantizationReport report, bool passed)
    {
        string shipped = OutputNames.QuantizedModel(settings.Name);
        string rejected = OutputNames.RejectedModel(settings.Name);
        string file = passed ? shipped : rejected;
        bool hasWeights = !settings.Embed && model.Folder is not null;
        outputs.Delete(passed ? rejected : shipped);
        outputs.Delete(OutputNames.Weights(passed ? rejected : shipped));
        if (hasWeights)
        {
            // A file that names weights never stands beside those of another build.
            outputs.Delete(file);
            weights!.MoveTo(outputs.PathOf(OutputNames.Weights(file)));
            outputs.Write(file, model.Naming(OutputNames.Weights(file)));
        }
        else
        {
            outputs.Delete(OutputNames.Weights(file));
            if (model.Folder is null)
                outputs.Write(file, model.Message);
            else
                outputs.Write(file, new ModelFileWriter(model).WriteTo);
        }
        outputs.Write(OutputNames.Report(settings.Name), ReportJson.Write(report));
    }
}
