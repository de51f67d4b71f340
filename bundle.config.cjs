/** What is not needed at start goes into one file: apart, the views would repeat each other and weigh more in all. */
const VIEWS =
  /labextension[\\/](lib[\\/](api[\\/](?!archive)|model|parts|panels|forms|documents|tokens[\\/]wire|plugin[\\/](\w*[aA]ctions\.|tell))|style)/;

module.exports = {
  module: {
    rules: [{ test: /\.css$/, enforce: 'pre', loader: 'builtin:lightningcss-loader', options: { minify: true } }]
  },
  optimization: {
    splitChunks: {
      cacheGroups: {
        views: { name: 'views', test: VIEWS, chunks: 'async', enforce: true }
      }
    }
  }
};
