using QuantBuild.Onnx;
using QuantBuild.Reporting;

namespace QuantBuild;

/// <summary>Puts the results of one model into the output folder. A model that did not pass never stands where one that ships would.</summary>
internal static class ModelOutputs
{
    public static void Write(OutputFolder outputs, string name, ModelImage model, QuantizationReport report, bool passed)
    {
        outputs.Delete(passed ? OutputNames.RejectedModel(name) : OutputNames.QuantizedModel(name));
        string file = passed ? OutputNames.QuantizedModel(name) : OutputNames.RejectedModel(name);
        if (model.Folder is null)
            outputs.Write(file, model.Message);
        else
            outputs.Write(file, new ModelFileWriter(model).WriteTo);
        outputs.Write(OutputNames.Report(name), ReportJson.Write(report));
    }
}
