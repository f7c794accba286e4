using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>Brings the elements of a float32 constant into another order.</summary>
internal static class TensorArrangement
{
    /// <param name="axis">The tensors differ in their length on this axis only.</param>
    public static OnnxTensor Concat(IReadOnlyList<OnnxTensor> tensors, int axis)
    {
        long[] shape = [.. tensors[0].Shape];
        shape[axis] = tensors.Sum(tensor => tensor.Shape[axis]);
        var values = new float[Length(shape)];
        long inner = Length(shape.AsSpan(axis + 1));
        int start = 0;
        foreach (OnnxTensor tensor in tensors)
        {
            var run = (int)(tensor.Shape[axis] * inner);
            for (int from = 0, to = start; from < tensor.Length; from += run, to += (int)(shape[axis] * inner))
                tensor.Floats.Slice(from, run).CopyTo(values.AsSpan(to));
            start += run;
        }
        return OnnxTensor.Float(shape, values);
    }

    /// <param name="order">Axis i of the result is axis order[i] of the tensor.</param>
    public static OnnxTensor Transpose(OnnxTensor tensor, IReadOnlyList<long> order)
    {
        long[] strides = Strides(tensor.Shape);
        return Pick(tensor, [.. order.Select(axis => tensor.Shape[(int)axis])], 0, [.. order.Select(axis => strides[axis])]);
    }

    /// <summary>As the operator Slice: what begins or ends beyond the tensor is cut, and negative positions count from the end.</summary>
    /// <param name="axes">0 to rank − 1, one for each start and end.</param>
    /// <param name="steps">1 or more.</param>
    public static OnnxTensor Slice(
        OnnxTensor tensor, IReadOnlyList<long> starts, IReadOnlyList<long> ends, IReadOnlyList<long> axes, IReadOnlyList<long> steps)
    {
        long[] shape = [.. tensor.Shape];
        long[] strides = Strides(tensor.Shape);
        long offset = 0;
        for (int i = 0; i < axes.Count; i++)
        {
            long length = tensor.Shape[(int)axes[i]];
            long start = Position(starts[i], length);
            offset += start * strides[axes[i]];
            shape[axes[i]] = Math.Max(0, (Position(ends[i], length) - start + steps[i] - 1) / steps[i]);
            strides[axes[i]] *= steps[i];
        }
        return Pick(tensor, shape, offset, strides);
    }

    private static long Position(long position, long length) => Math.Clamp(position < 0 ? position + length : position, 0, length);

    /// <summary>Element [i, j, …] of the result is the tensor's at offset + i · strides[0] + j · strides[1] + ….</summary>
    private static OnnxTensor Pick(OnnxTensor tensor, long[] shape, long offset, long[] strides)
    {
        var values = new float[Length(shape)];
        var position = new long[shape.Length];
        ReadOnlySpan<float> source = tensor.Floats;
        long from = offset;
        for (int to = 0; to < values.Length; to++)
        {
            values[to] = source[(int)from];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++position[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                position[axis] = 0;
            }
        }
        return OnnxTensor.Float(shape, values);
    }

    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        for (long axis = shape.Count - 1, stride = 1; axis >= 0; stride *= shape[(int)axis], axis--)
            strides[axis] = stride;
        return strides;
    }

    private static long Length(ReadOnlySpan<long> shape)
    {
        long length = 1;
        foreach (long dimension in shape)
            length = checked(length * dimension);
        return length;
    }
}
