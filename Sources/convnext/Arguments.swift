public import ArgumentParser
public import ConvNeXtSchema
public import Convert

extension Naming: ExpressibleByArgument {}
extension OutputContainer: ExpressibleByArgument {}
