namespace QuantBuild.Placement.LowBits;

/// <summary>How a weight in few bits is written.</summary>
internal enum LowBitForm
{
    /// <summary>Standard operators on constants, which a runtime computes once, at load: from then on the weight is float32.</summary>
    Folded,

    /// <summary>The operator of ONNX Runtime that multiplies by packed codes: 2, 4 or 8 bits in memory too.</summary>
    MatMulNBits,

    /// <summary>DequantizeLinear with blocks, of opset 21; ONNX Runtime turns it and the MatMul behind it into MatMulNBits.
    /// Written where the model is of that opset already.</summary>
    BlockedDequantize,

    /// <summary>The operator of ONNX Runtime that restores the rows of a table that are read.</summary>
    GatherBlockQuantized,
}
