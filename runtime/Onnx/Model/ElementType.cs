namespace Strata.Onnx.Model;

/// <summary>What a tensor consists of, as far as reading needs it.</summary>
internal enum ElementType
{
    /// <summary>Floating-point numbers of any width.</summary>
    Float,

    /// <summary>Integers of any width.</summary>
    Integer,

    /// <summary>Integers of 8 or 16 bits that were computed from numbers. Floats hold them.</summary>
    Quantized,

    /// <summary>Truth values.</summary>
    Boolean,
}
