namespace QuantBuild.Reconstruction;

/// <summary>The weights of all output channels that multiply the same columns, and what they are rounded to.</summary>
internal interface IRoundedLayer
{
    int Columns { get; }

    int Channels { get; }

    /// <summary>[channels, columns]</summary>
    float[] Weights { get; }

    /// <summary><c>ŵ − w</c> of some channels: [channels, columns].</summary>
    float[] Differences(int firstChannel, int endChannel);
}
