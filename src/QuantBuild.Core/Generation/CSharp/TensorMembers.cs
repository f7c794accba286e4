using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the private methods that check shapes and copy inputs into tensors; only those that <c>Run</c> needs.</summary>
internal static class TensorMembers
{
    public static void Write(SourceWriter writer, ModelSignature signature, DimensionPlan plan)
    {
        string[] elements = [.. signature.Inputs.Select(input => RuntimeTypes.ElementOf(input.ElementType)).OfType<string>()];
        if (elements.Length == 0)
            return;
        if (plan.Inferred.Count > 0 || SampleAxis.FixedBatch(signature) is not null)
        {
            WriteInferDimension(writer);
            WriteCheckAgreement(writer);
        }
        if (elements.Any(element => element != "string"))
            WriteCreateTensor(writer);
        if (elements.Contains("string"))
            WriteCreateStringTensor(writer);
        WriteCheckLength(writer);
        WriteCountElements(writer);
    }

    private static void WriteInferDimension(SourceWriter writer) => writer.WriteMember($$"""
        private static long InferDimension(int length, long[] otherDimensions, string description, string parameter)
        {
            long divisor = CountElements(otherDimensions, description, parameter);
            if (length == 0 || divisor == 0 || length % divisor != 0)
            {
                throw new {{RuntimeTypes.ArgumentException}}(
                    description + ", so its length must be a positive multiple of " + divisor + ", but it is " + length + ".", parameter);
            }
            return length / divisor;
        }
        """);

    private static void WriteCheckAgreement(SourceWriter writer)
    {
        writer.WriteMember("""
            private static long DividedLength(int length, long[] otherDimensions, long otherwise)
            {
                long divisor = 1;
                foreach (long dimension in otherDimensions)
                {
                    if (dimension <= 0 || divisor > length / dimension)
                    {
                        return otherwise;
                    }
                    divisor *= dimension;
                }
                return length % divisor == 0 ? length / divisor : otherwise;
            }
            """);
        writer.WriteMember($$"""
            private static void CheckAgreement(long actual, long expected, string description, string other, string parameter)
            {
                if (actual != expected)
                {
                    throw new {{RuntimeTypes.ArgumentException}}(description + expected + other + actual + ".", parameter);
                }
            }
            """);
    }

    private static void WriteCreateTensor(SourceWriter writer) => writer.WriteMember($$"""
        private static {{RuntimeTypes.OrtValue}} CreateTensor<T>(
            {{RuntimeTypes.ReadOnlySpan}}<T> elements, long[] shape, {{RuntimeTypes.TensorElementType}} type, string description, string parameter)
            where T : unmanaged
        {
            CheckLength(elements.Length, shape, description, parameter);
            {{RuntimeTypes.OrtValue}} tensor =
                {{RuntimeTypes.OrtValue}}.CreateAllocatedTensorValue({{RuntimeTypes.OrtAllocator}}.DefaultInstance, type, shape);
            elements.CopyTo(tensor.GetTensorMutableDataAsSpan<T>());
            return tensor;
        }
        """);

    // No foreach over a span: with the libraries of .NET 9 and newer it needs C# 13.
    private static void WriteCreateStringTensor(SourceWriter writer) => writer.WriteMember($$"""
        private static {{RuntimeTypes.OrtValue}} CreateStringTensor(
            {{RuntimeTypes.ReadOnlySpan}}<string> elements, long[] shape, string description, string parameter)
        {
            CheckLength(elements.Length, shape, description, parameter);
            for (int index = 0; index < elements.Length; index++)
            {
                if (elements[index] == null)
                {
                    throw new {{RuntimeTypes.ArgumentException}}(description + ", and one of its elements is null.", parameter);
                }
            }
            {{RuntimeTypes.OrtValue}} tensor =
                {{RuntimeTypes.OrtValue}}.CreateTensorWithEmptyStrings({{RuntimeTypes.OrtAllocator}}.DefaultInstance, shape);
            for (int index = 0; index < elements.Length; index++)
            {
                tensor.StringTensorSetElementAt(global::System.MemoryExtensions.AsSpan(elements[index]), index);
            }
            return tensor;
        }
        """);

    private static void WriteCheckLength(SourceWriter writer) => writer.WriteMember($$"""
        private static void CheckLength(int length, long[] shape, string description, string parameter)
        {
            long count = CountElements(shape, description, parameter);
            if (length != count)
            {
                string actual = "[" + string.Join(",", shape) + "]";
                string here = description.EndsWith(actual, global::System.StringComparison.Ordinal) ? "" : ", here " + actual;
                throw new {{RuntimeTypes.ArgumentException}}(
                    description + here + ", so its length must be " + count + ", but it is " + length + ".", parameter);
            }
        }
        """);

    private static void WriteCountElements(SourceWriter writer) => writer.WriteMember($$"""
        private static long CountElements(long[] dimensions, string description, string parameter)
        {
            long count = 1;
            foreach (long dimension in dimensions)
            {
                if (dimension < 0 || (dimension > 0 && count > long.MaxValue / dimension))
                {
                    throw new {{RuntimeTypes.ArgumentException}}(
                        description + ", for which the dimensions [" + string.Join(",", dimensions) + "] are negative or too large.", parameter);
                }
                count *= dimension;
            }
            return count;
        }
        """);
}
