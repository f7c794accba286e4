namespace QuantBuild.Imaging.Jpeg;

/// <summary>One scan of a JPEG picture: its components with their tables set, and what it brings of each block.</summary>
/// <param name="RestartInterval">Units between two restart markers; 0 when there are none.</param>
internal sealed record JpegScan(JpegFrame Frame, IReadOnlyList<JpegComponent> Components, SpectralBand Band, int RestartInterval)
{
    /// <summary>Reads all blocks.</summary>
    /// <returns>Where the marker after the scan is.</returns>
    public int Read(byte[] file, int position)
    {
        EntropyReader reader = new(file, position);
        BlockDecoder decoder = new(reader, Band, Frame.IsProgressive);
        bool isSingle = Components.Count == 1;
        int columns = isSingle ? (Components[0].Width + 7) / 8 : Frame.UnitsPerRow;
        int rows = isSingle ? (Components[0].Height + 7) / 8 : Frame.UnitRows;
        Restart(decoder);
        int unitsToRestart = RestartInterval;
        int restarts = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (RestartInterval > 0 && unitsToRestart-- == 0)
                {
                    reader.Restart(restarts++ & 7);
                    Restart(decoder);
                    unitsToRestart = RestartInterval - 1;
                }
                if (isSingle)
                    ReadBlock(decoder, Components[0], row, column);
                else
                    ReadUnit(decoder, row, column);
            }
        }
        return reader.SkipToMarker();
    }

    private void Restart(BlockDecoder decoder)
    {
        decoder.Restart();
        foreach (JpegComponent component in Components)
            component.Prediction = 0;
    }

    private void ReadUnit(BlockDecoder decoder, int row, int column)
    {
        foreach (JpegComponent component in Components)
            for (int y = 0; y < component.Vertical; y++)
                for (int x = 0; x < component.Horizontal; x++)
                    ReadBlock(decoder, component, (row * component.Vertical) + y, (column * component.Horizontal) + x);
    }

    private void ReadBlock(BlockDecoder decoder, JpegComponent component, int row, int column)
    {
        if (Frame.IsProgressive)
        {
            decoder.Decode(component, component.Coefficients.AsSpan(component.BlockStart(row, column), 64));
            return;
        }
        Span<short> block = stackalloc short[64];
        block.Clear();
        decoder.Decode(component, block);
        component.Transform(block, row, column);
    }
}
