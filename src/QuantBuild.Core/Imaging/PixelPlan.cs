namespace QuantBuild.Imaging;

/// <summary>How pictures become the input of one model: everything decided and checked.</summary>
/// <param name="Channels">1 or 3.</param>
/// <param name="Resize">Empty, the shorter side, or width and height.</param>
/// <param name="Crop">Empty, or width and height.</param>
/// <param name="FilterRadius">0 nearest pixel, 1 bilinear, 2 bicubic.</param>
/// <param name="Divisor">Bytes are divided by it; then <paramref name="Offset"/> is added.</param>
/// <param name="Mean">One per channel.</param>
/// <param name="Std">One per channel.</param>
/// <param name="Width">Of the model's input; 0: any.</param>
/// <param name="Height">Of the model's input; 0: any.</param>
/// <param name="Rank">3, or 4 with an axis for pictures before the others.</param>
/// <param name="IsBytes">Whether the model takes bytes, and numbers otherwise.</param>
internal sealed record PixelPlan(
    int Channels,
    bool IsChannelsLast,
    bool IsBgr,
    IReadOnlyList<int> Resize,
    IReadOnlyList<int> Crop,
    int FilterRadius,
    float Divisor,
    float Offset,
    IReadOnlyList<float> Mean,
    IReadOnlyList<float> Std,
    int Width,
    int Height,
    int Rank,
    bool IsBytes)
{
    public PixelPipeline CreatePipeline() => new(
        Channels, IsChannelsLast, IsBgr, [.. Resize], [.. Crop], FilterRadius, Divisor, Offset, [.. Mean], [.. Std], Width, Height);
}
