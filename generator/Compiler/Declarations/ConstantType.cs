namespace Strata.Compiler.Declarations;

/// <summary>The type of a constant, or of what is computed from constants.</summary>
internal enum ConstantType
{
    /// <summary>Not known: values are taken as they are.</summary>
    None,
    Boolean,
    Char,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Decimal,
    Single,
    Double,
    String,

    /// <summary>Any other, in which nothing is computed.</summary>
    Object,
}
