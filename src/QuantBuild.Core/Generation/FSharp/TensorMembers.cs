using QuantBuild.Onnx;

namespace QuantBuild.Generation.FSharp;

/// <summary>Writes the private members that check shapes and make tensors of inputs; only those that <c>Run</c> needs.</summary>
internal static class TensorMembers
{
    private const string Texts = $"description: {FSharpTypes.String}, parameter: {FSharpTypes.String}";

    /// <param name="type">The type that they are members of, as the source has it.</param>
    public static void Write(SourceWriter writer, ModelSignature signature, string type)
    {
        OnnxElementType[] elements = [.. signature.Inputs.Where(ElementTypes.AreKnown).Select(input => input.ElementType)];
        if (elements.Length == 0)
            return;
        WriteCountElements(writer);
        WriteCheckLength(writer, type);
        if (DimensionPlan.For(signature).Inferred.Count > 0)
            WriteInferDimension(writer, type);
        if (elements.Any(element => element != OnnxElementType.String))
            WriteCreateTensor(writer, type);
        if (elements.Contains(OnnxElementType.String))
            WriteCreateStringTensor(writer, type);
    }

    private static void WriteCountElements(SourceWriter writer) => writer.Write($"""
        static member private CountElements(dimensions: {FSharpTypes.Int64}[], {Texts}) : {FSharpTypes.Int64} =
            if {FSharpTypes.IsNull("dimensions")} then
                raise (new {FSharpTypes.ArgumentNullException}(parameter + "Shape"))
            let mutable count = 1L
            for dimension in dimensions do
                if dimension < 0L || (dimension > 0L && count > {FSharpTypes.Int64}.MaxValue / dimension) then
                    let given = {FSharpTypes.String}.Join(",", dimensions)
                    raise (new {FSharpTypes.ArgumentException}(
                        description + ", for which the dimensions [" + given + "] are negative or too large.", parameter))
                count <- count * dimension
            count
        """);

    private static void WriteCheckLength(SourceWriter writer, string type)
    {
        writer.WriteMember($"""
            static member private LengthOf(elements: global.System.Array, parameter: {FSharpTypes.String}) : {FSharpTypes.Int32} =
                if {FSharpTypes.IsNull("elements")} then
                    raise (new {FSharpTypes.ArgumentNullException}(parameter))
                elements.Length
            """);
        writer.WriteMember($"""
            static member private CheckLength(length: {FSharpTypes.Int32}, shape: {FSharpTypes.Int64}[], {Texts}) : unit =
                let count = {type}.CountElements(shape, description, parameter)
                if global.System.Convert.ToInt64(length) <> count then
                    let actual = "[" + {FSharpTypes.String}.Join(",", shape) + "]"
                    let here = if description.EndsWith(actual, global.System.StringComparison.Ordinal) then "" else ", here " + actual
                    raise (new {FSharpTypes.ArgumentException}(
                        description + here + ", so its length must be " + count.ToString() + ", but it is " + length.ToString() + ".", parameter))
            """);
    }

    private static void WriteInferDimension(SourceWriter writer, string type) => writer.WriteMember($"""
        static member private InferDimension(length: {FSharpTypes.Int32}, otherDimensions: {FSharpTypes.Int64}[], {Texts}) : {FSharpTypes.Int64} =
            let divisor = {type}.CountElements(otherDimensions, description, parameter)
            let count = global.System.Convert.ToInt64(length)
            if count = 0L || divisor = 0L || count % divisor <> 0L then
                raise (new {FSharpTypes.ArgumentException}(
                    description + ", so its length must be a positive multiple of " + divisor.ToString() + ", but it is " + length.ToString() + ".", parameter))
            count / divisor
        """);

    private static void WriteCreateTensor(SourceWriter writer, string type) => writer.WriteMember($"""
        static member private CreateTensor<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> global.System.ValueType>
            (elements: 'T[], shape: {FSharpTypes.Int64}[], {Texts}) : {FSharpTypes.OrtValue} =
            {type}.CheckLength({type}.LengthOf(elements, parameter), shape, description, parameter)
            {FSharpTypes.OrtValue}.CreateTensorValueFromMemory<'T>(elements, shape)
        """);

    private static void WriteCreateStringTensor(SourceWriter writer, string type) => writer.WriteMember($"""
        static member private CreateStringTensor
            (elements: {FSharpTypes.String}[], shape: {FSharpTypes.Int64}[], {Texts}) : {FSharpTypes.OrtValue} =
            {type}.CheckLength({type}.LengthOf(elements, parameter), shape, description, parameter)
            for element in elements do
                if {FSharpTypes.IsNull("element")} then
                    raise (new {FSharpTypes.ArgumentException}(description + ", and one of its elements is null.", parameter))
            let tensor = {FSharpTypes.OrtValue}.CreateTensorWithEmptyStrings({FSharpTypes.OrtAllocator}.DefaultInstance, shape)
            for index = 0 to elements.Length - 1 do
                tensor.StringTensorSetElementAt(global.System.MemoryExtensions.AsMemory(elements.[index]), index)
            tensor
        """);
}
