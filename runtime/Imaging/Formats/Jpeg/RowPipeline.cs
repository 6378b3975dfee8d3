using System.Runtime.InteropServices;
using Strata.Pictures;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// Makes pixels of samples, a row of units at a time. The last rows wait for the next units, whose samples they need. So samples of two
/// rows of units are in memory, which the caches hold, and never those of the picture.
/// </summary>
internal sealed unsafe class RowPipeline
{
    private readonly Frame _frame;
    private readonly ColorSpace _space;
    private readonly Picture _picture;
    private readonly Plane[] _planes;
    private readonly byte** _rows;
    private int _nextRow;

    public RowPipeline(Frame frame, ColorSpace space, Picture picture, Arena arena)
    {
        (_frame, _space, _picture) = (frame, space, picture);
        _planes = System.Array.ConvertAll(frame.Components, c => new Plane(frame, c, arena));
        _rows = (byte**)arena.Allocate<nint>(_planes.Length);
    }

    /// <summary>Where the samples of a block go.</summary>
    /// <param name="component">The component's number.</param>
    /// <param name="blockRow">The block's row in the picture.</param>
    public byte* Block(int component, int blockRow) => _planes[component].Row(blockRow * Frame.BlockSize);

    /// <summary>Bytes from one row of samples to the next.</summary>
    public nint Stride(int component) => _planes[component].Stride;

    /// <summary>Writes the pixels that can be known when a row of units has its samples.</summary>
    public void Complete(int mcuRow)
    {
        int rows = mcuRow == _frame.McuRows - 1 ? _frame.Height
            : ((mcuRow + 1) * Frame.BlockSize * _frame.MaxVertical) - _frame.MaxVertical;
        for (; _nextRow < rows; _nextRow++)
        {
            for (int i = 0; i < _planes.Length; i++)
            {
                _rows[i] = _planes[i].Upsample(_nextRow);
            }

            ColorConversion.Convert(_space, _rows, MemoryMarshal.AsBytes(_picture.Row(_nextRow)));
        }
    }

    /// <summary>The samples of one component.</summary>
    private sealed class Plane
    {
        private readonly Component _component;
        private readonly byte* _samples;
        private readonly byte* _wide;
        private readonly ushort* _sums;
        private readonly int _ringRows, _maxVertical, _stepX, _stepY;
        private readonly bool _isFiltered;
        private int _repeatedRow = -1;

        public Plane(Frame frame, Component component, Arena arena)
        {
            _component = component;
            _maxVertical = frame.MaxVertical;
            (_stepX, _stepY) = (frame.MaxHorizontal / component.Horizontal, frame.MaxVertical / component.Vertical);
            _ringRows = Frame.BlockSize * int.Min(2 * component.Vertical, component.HeightInBlocks);
            int width = component.WidthInBlocks * Frame.BlockSize;
            Stride = width + (2 * Upsampling.Margin);
            _samples = arena.Allocate<byte>((long)Stride * _ringRows) + Upsampling.Margin;

            // libjpeg's filters for twice the width want three samples of a row.
            _isFiltered = (_stepX, _stepY) is (1, 2) || ((_stepX, _stepY) is (2, 1) or (2, 2) && component.Width > 2);
            if ((_stepX, _stepY) != (1, 1))
            {
                _wide = arena.Allocate<byte>((width * _stepX) + (2 * Upsampling.Margin)) + Upsampling.Margin;
                _sums = arena.Allocate<ushort>(width + (2 * Upsampling.Margin)) + Upsampling.Margin;
            }
        }

        public int Stride { get; }

        public byte* Row(int row) => _samples + ((row % _ringRows) * (nint)Stride);

        /// <summary>The samples for a row of pixels.</summary>
        public byte* Upsample(int pixelRow)
        {
            int within = pixelRow % _maxVertical, part = within % _stepY;
            int row = ((pixelRow / _maxVertical) * _component.Vertical) + (within / _stepY);
            byte* near = Row(row);
            if ((_stepX, _stepY) == (1, 1))
            {
                return near;
            }

            int width = _component.Width;
            if (!_isFiltered)
            {
                if (_repeatedRow != row)
                {
                    _repeatedRow = row;
                    Upsampling.Repeat(near, width, _stepX, _wide);
                }

                return _wide;
            }

            byte* far = Row(part == 0 ? int.Max(0, row - 1) : int.Min(_component.Height - 1, row + 1));
            switch (_stepX, _stepY)
            {
                case (2, 1):
                    Upsampling.Double(near, width, _wide);
                    break;
                case (1, 2):
                    Upsampling.Between(near, far, width, part == 0 ? 1 : 2, _wide);
                    break;
                default:
                    Upsampling.DoubleBetween(near, far, width, _sums, _wide);
                    break;
            }

            return _wide;
        }
    }
}
