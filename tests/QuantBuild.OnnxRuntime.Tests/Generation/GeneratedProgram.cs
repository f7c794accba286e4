using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>A generated class with its model and code that uses it, compiled, loaded and ready to be called.</summary>
internal sealed class GeneratedProgram : IDisposable
{
    private const string LogicalName = "QuantBuild.model.onnx";

    private readonly AssemblyLoadContext context = new("Generated", isCollectible: true);
    private readonly Type program;

    /// <param name="model">Null: the resource is left out.</param>
    /// <param name="methods">Static methods of a class that sees the generated class <c>Model</c>.</param>
    /// <param name="measurements">Null: the class is compiled before the model has been quantized.</param>
    /// <param name="labels">The names of the classes; null when none are given.</param>
    /// <param name="pixels">How pictures become the model's input; null: they do not.</param>
    public GeneratedProgram(
        ModelSignature signature,
        byte[]? model,
        string methods,
        ModelMeasurements? measurements = null,
        string[]? labels = null,
        PixelPlan? pixels = null)
    {
        QuantizationSettings settings = new()
        {
            DisplayPath = "model.onnx", ModelPath = "/model.onnx", Name = "model", ClassName = "Model", Namespace = "Generated",
        };
        var loaderModel = new LoaderModel(signature, SourceOpset: 17, settings, LogicalName)
        {
            Classifier = labels is null ? null : Classifier.Of(signature, labels, new DiagnosticOrigin("model.onnx")),
            Pixels = pixels,
        };
        string generated = CSharpGenerator.Generate(loaderModel);
        string metadata = CSharpGenerator.GenerateMetadata(loaderModel, measurements ?? ModelMeasurements.None);
        string user = $$"""
            using System;
            using System.Linq;
            using Microsoft.ML.OnnxRuntime;
            using Generated;
            internal static class Program
            {
            {{methods}}
            }
            """;
        Compilation compilation = GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, generated, metadata, user);
        byte[] assembly = GeneratedCode.Emit(compilation, model is null ? [] : [(LogicalName, model)]);
        using MemoryStream stream = new(assembly);
        program = context.LoadFromStream(stream).GetType("Program")!;
    }

    /// <summary>Calls a method of the program; what it throws comes out as it was thrown.</summary>
    public T Call<T>(string method, params object?[] arguments)
    {
        try
        {
            return (T)program.GetMethod(method)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    public void Dispose() => context.Unload();
}
