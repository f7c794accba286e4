using QuantBuild.Onnx;

namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes the private methods that check shapes and make tensors of inputs; only those that <c>Run</c> needs.</summary>
internal static class TensorMembers
{
    public static void Write(SourceWriter writer, ModelSignature signature)
    {
        OnnxElementType[] elements = [.. signature.Inputs.Where(ElementTypes.AreKnown).Select(input => input.ElementType)];
        if (elements.Length == 0)
            return;
        if (DimensionPlan.For(signature).Inferred.Count > 0)
            WriteInferDimension(writer);
        if (elements.Any(element => element != OnnxElementType.String))
            WriteCheckedShape(writer);
        if (elements.Contains(OnnxElementType.String))
            WriteCreateStringTensor(writer);
        WriteCheckLength(writer);
        WriteCountElements(writer);
    }

    private static void WriteInferDimension(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function InferDimension(
            length As Global.System.Int32, otherDimensions As Global.System.Int64(), description As Global.System.String, parameter As Global.System.String) As Global.System.Int64
            Dim divisor As Global.System.Int64 = CountElements(otherDimensions, description, parameter)
            If length = 0 OrElse divisor = 0 OrElse length Mod divisor <> 0 Then
                Throw New {BasicTypes.ArgumentException}(
                    description & ", so its length must be a positive multiple of " & divisor.ToString() & ", but it is " & length.ToString() & ".", parameter)
            End If
            Return length \ divisor
        End Function
        """);

    private static void WriteCheckedShape(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function CheckedShape(
            elements As Global.System.Array, shape As Global.System.Int64(), description As Global.System.String, parameter As Global.System.String) As Global.System.Int64()
            CheckLength(LengthOf(elements, parameter), shape, description, parameter)
            Return shape
        End Function
        """);

    private static void WriteCreateStringTensor(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function CreateStringTensor(
            elements As Global.System.String(), shape As Global.System.Int64(), description As Global.System.String, parameter As Global.System.String) As {BasicTypes.OrtValue}
            CheckLength(LengthOf(elements, parameter), shape, description, parameter)
            For Each element As Global.System.String In elements
                If element Is Nothing Then
                    Throw New {BasicTypes.ArgumentException}(description & ", and one of its elements is null.", parameter)
                End If
            Next
            Dim tensor As {BasicTypes.OrtValue} = {BasicTypes.OrtValue}.CreateTensorWithEmptyStrings({BasicTypes.OrtAllocator}.DefaultInstance, shape)
            For index As Global.System.Int32 = 0 To elements.Length - 1
                tensor.StringTensorSetElementAt(Global.System.MemoryExtensions.AsMemory(elements(index)), index)
            Next
            Return tensor
        End Function
        """);

    private static void WriteCheckLength(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function LengthOf(elements As Global.System.Array, parameter As Global.System.String) As Global.System.Int32
            If elements Is Nothing Then
                Throw New {BasicTypes.ArgumentNullException}(parameter)
            End If
            Return elements.Length
        End Function

        Private Shared Sub CheckLength(
            length As Global.System.Int32, shape As Global.System.Int64(), description As Global.System.String, parameter As Global.System.String)
            Dim count As Global.System.Int64 = CountElements(shape, description, parameter)
            If length <> count Then
                Dim actual As Global.System.String = "[" & Global.System.String.Join(Of Global.System.Int64)(",", shape) & "]"
                Dim here As Global.System.String = If(description.EndsWith(actual, Global.System.StringComparison.Ordinal), "", ", here " & actual)
                Throw New {BasicTypes.ArgumentException}(
                    description & here & ", so its length must be " & count.ToString() & ", but it is " & length.ToString() & ".", parameter)
            End If
        End Sub
        """);

    private static void WriteCountElements(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function CountElements(
            dimensions As Global.System.Int64(), description As Global.System.String, parameter As Global.System.String) As Global.System.Int64
            If dimensions Is Nothing Then
                Throw New {BasicTypes.ArgumentNullException}(parameter & "Shape")
            End If
            Dim count As Global.System.Int64 = 1
            For Each dimension As Global.System.Int64 In dimensions
                If dimension < 0 OrElse (dimension > 0 AndAlso count > Global.System.Int64.MaxValue \ dimension) Then
                    Throw New {BasicTypes.ArgumentException}(
                        description & ", for which the dimensions [" & Global.System.String.Join(Of Global.System.Int64)(",", dimensions) & "] are negative or too large.", parameter)
                End If
                count *= dimension
            Next
            Return count
        End Function
        """);
}
