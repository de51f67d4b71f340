/** What our views use of React. The bundler takes `react` in their imports for this, and can give these short names. */
import * as React from 'react';

export const { cloneElement, createElement, Fragment, memo, useEffect, useMemo, useRef, useState } = React;
